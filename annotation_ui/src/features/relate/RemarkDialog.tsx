import { Button, Group, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ClipPerson, RemarkRequest } from "../../api/types";
import { KeyCaps } from "../../commands/KeyCaps";
import { Dialog } from "../../components/Dialog";
import { Face } from "./Face";
import classes from "./PairStep.module.css";
import { useNameOf } from "./people";
import { useDialogKeys } from "./useDialogKeys";

interface Props {
  kind: RemarkRequest["kind"] | undefined;
  people: readonly ClipPerson[];
  comment: string;
  onWrite: (comment: string) => void;
  onRemark: (remark: RemarkRequest) => void;
  onClose: () => void;
}

const LONGEST_COMMENT = 2000;

/** Faces are mixed up: whose, and what an admin should know. */
export function RemarkDialog({ kind, people, comment, onWrite, onRemark, onClose }: Props) {
  const { t } = useTranslation();
  const nameOf = useNameOf(people);
  const [chosen, setChosen] = useState<string>();
  const identity = chosen ?? String(people[0]?.identity ?? "");
  const asksWho = kind === "wrong_person";

  function report() {
    if (kind) onRemark({ kind, identity: asksWho ? Number(identity) : null, comment: comment.trim() });
    setChosen(undefined);
  }
  useDialogKeys(kind !== undefined, {
    digit: (place) => people[place] && setChosen(String(people[place].identity)),
    enter: report,
  });
  return (
    <Dialog opened={kind !== undefined} onClose={onClose} title={kind && t(`relate.remark.${kind}`)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          report();
        }}
      >
        <Stack gap="sm">
          {asksWho && (
            <Radio.Group label={t("relate.remarkWho")} value={identity} onChange={setChosen}>
              <Stack gap={6} mt={6}>
                {people.map((person, place) => (
                  <Radio
                    key={person.identity}
                    value={String(person.identity)}
                    data-autofocus={place === 0 || undefined}
                    label={
                      <Group gap={8} wrap="nowrap">
                        <KeyCaps keyName={String(place + 1)} />
                        <span className={classes.small}>
                          <Face person={person} name={nameOf(person.identity)} />
                        </span>
                        {nameOf(person.identity)}
                      </Group>
                    }
                  />
                ))}
              </Stack>
            </Radio.Group>
          )}
          <Textarea
            label={t("relate.remarkComment")}
            rows={3}
            maxLength={LONGEST_COMMENT}
            value={comment}
            data-autofocus={!asksWho || undefined}
            onChange={(event) => onWrite(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing || event.key !== "Enter" || event.shiftKey) return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
          />
          <Text size="xs" c="dimmed">
            {t("relate.remarkLead")}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("relate.cancel")}
            </Button>
            <Button type="submit">{t("relate.remarkDo")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

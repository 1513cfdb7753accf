import { Button, Checkbox, Text, Textarea, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Relating, Relationship } from "../../api/types";
import { KeyCaps } from "../../commands/KeyCaps";
import { ariaKey } from "../../commands/keys";
import type { Commands } from "../../commands/useCommands";
import { exemplarsQuery } from "../../components/exemplars";
import { GROUPS } from "../../components/relationships";
import { ExampleClip } from "./ExampleClip";
import { Face } from "./Face";
import { useNameOf } from "./people";
import classes from "./RelationshipStep.module.css";
import type { RelatingDesk } from "./useRelating";

interface Props {
  turn: Relating;
  desk: RelatingDesk;
  commands: Commands;
  commentRef: RefObject<HTMLTextAreaElement | null>;
  onChoose: (relationship: Relationship) => void;
}

const LONGEST_COMMENT = 2000;

/** Step 3: one of five relationships, each with what it means; the three-way label stands beside them. */
export function RelationshipStep({ turn, desk, commands, commentRef, onChoose }: Props) {
  const { t } = useTranslation();
  const nameOf = useNameOf(turn.people);
  const exemplars = useQuery(exemplarsQuery(turn.project.id));
  const { draft, now } = desk;
  const [first = 0, second = 0] = now.pair;
  const keys = commands.get("relate.digit").keys;
  const example = exemplars.data?.find(({ label }) => label === draft.relationship);
  const person = (identity: number) => turn.people.find((one) => one.identity === identity);
  return (
    <>
      <div className={classes.pair}>
        {[first, second].map((identity) => (
          <span key={identity} className={classes.face}>
            <Face person={person(identity)} name={nameOf(identity)} />
          </span>
        ))}
        <Title order={2} size="h5">
          {t("relate.question", { first: nameOf(first), second: nameOf(second) })}
        </Title>
      </div>
      <div className={classes.choices} role="radiogroup" aria-label={t("relate.relationships")}>
        {GROUPS.map(({ three, five }) => (
          <div key={three} className={classes.group} data-three={three}>
            <span className={classes.three}>{t(`relationships.${three}`)}</span>
            <div className={classes.five}>
              {five.map(({ name, place }) => (
                <Button
                  key={name}
                  variant="default"
                  className={classes.choice ?? ""}
                  classNames={{ inner: classes.inner ?? "", label: classes.label ?? "" }}
                  role="radio"
                  aria-checked={draft.relationship === name}
                  aria-keyshortcuts={keys[place] ? ariaKey(keys[place]) : undefined}
                  data-chosen={draft.relationship === name || undefined}
                  onClick={() => onChoose(name)}
                >
                  <span className={classes.name}>
                    <KeyCaps keyName={keys[place] ?? ""} />
                    <b>{t(`relationships.${name}`)}</b>
                  </span>
                  <span className={classes.definition}>{t(`relations.definition.${name}`)}</span>
                </Button>
              ))}
            </div>
          </div>
        ))}
      </div>
      <div className={classes.remarks}>
        <div className={classes.words}>
          <Checkbox
            size="sm"
            label={
              <>
                {t("relate.unsure")} <KeyCaps keyName={commands.get("relate.unsure").keys[0] ?? ""} />
              </>
            }
            checked={draft.unsure}
            onChange={(event) => desk.write({ unsure: event.currentTarget.checked })}
          />
          <Textarea
            ref={commentRef}
            mt={6}
            rows={2}
            size="sm"
            maxLength={LONGEST_COMMENT}
            aria-label={t("relate.comment")}
            placeholder={t("relate.comment")}
            value={draft.comment}
            onChange={(event) => desk.write({ comment: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) {
                event.preventDefault();
                event.currentTarget.blur();
              }
            }}
          />
          <Text size="xs" c="dimmed">
            {t("relate.commentHint")}
          </Text>
        </div>
        {example && <ExampleClip key={example.label} example={example} />}
      </div>
    </>
  );
}

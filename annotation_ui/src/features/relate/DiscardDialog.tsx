import { Button, Group, Radio, Stack, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DiscardReason } from "../../api/types";
import { KeyCaps } from "../../commands/KeyCaps";
import { Dialog } from "../../components/Dialog";
import type { Draft } from "./draftStore";
import { useDialogKeys } from "./useDialogKeys";

interface Props {
  opened: boolean;
  draft: Draft["discard"];
  onWrite: (discard: Draft["discard"]) => void;
  onDiscard: (reason: DiscardReason, words: string) => void;
  onClose: () => void;
}

const REASONS: readonly DiscardReason[] = [
  "no_interaction",
  "not_two_people",
  "hidden_faces",
  "several_scenes",
  "cut_off",
  "bad_picture_or_sound",
  "not_understood",
  "other",
];
const LONGEST_WORDS = 2000;

/** Why a clip is no good: by its number, or in one's own words. Enter discards. */
export function DiscardDialog({ opened, draft, onWrite, onDiscard, onClose }: Props) {
  const { t } = useTranslation();
  const { reason, words } = draft;
  const needsWords = reason === "other";
  const ready = reason !== "" && (!needsWords || words.trim() !== "");
  function discard() {
    if (ready) onDiscard(reason, words.trim());
  }
  useDialogKeys(opened, {
    digit: (place) => REASONS[place] && onWrite({ ...draft, reason: REASONS[place] }),
    enter: discard,
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("relate.discardTitle")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          discard();
        }}
      >
        <Stack gap="sm">
          <Radio.Group
            aria-label={t("relate.discardTitle")}
            value={reason}
            onChange={(value) => onWrite({ ...draft, reason: value as DiscardReason })}
          >
            <Stack gap={8}>
              {REASONS.map((one, place) => (
                <Radio
                  key={one}
                  value={one}
                  data-autofocus={(reason === "" ? place === 0 : one === reason) || undefined}
                  label={
                    <Group gap={8} wrap="nowrap">
                      <KeyCaps keyName={String(place + 1)} />
                      {t(`relate.reason.${one}`)}
                    </Group>
                  }
                />
              ))}
            </Stack>
          </Radio.Group>
          <Textarea
            label={t(needsWords ? "relate.discardWordsNeeded" : "relate.discardWords")}
            rows={3}
            maxLength={LONGEST_WORDS}
            value={words}
            onChange={(event) => onWrite({ ...draft, words: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing || event.key !== "Enter" || event.shiftKey) return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("relate.cancel")}
            </Button>
            <Button type="submit" color="red" disabled={!ready}>
              {t("relate.discardDo")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

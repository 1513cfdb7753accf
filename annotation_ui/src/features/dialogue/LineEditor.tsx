import { Autocomplete, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconCheck, IconPlayerPlay, IconSparkles } from "@tabler/icons-react";
import { type RefObject, useId } from "react";
import { useTranslation } from "react-i18next";
import type { DialogueCharacter, DialogueLine } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import { KeyCaps } from "../../commands/KeyCaps";
import type { Commands } from "../../commands/useCommands";
import { clockText } from "../../media/timecode";
import { type Guess, nameOf } from "./guess";
import classes from "./LineEditor.module.css";
import { doubts, type Said } from "./lines";

interface Props {
  line: DialogueLine | undefined;
  said: Said | undefined;
  people: readonly DialogueCharacter[];
  guess: Guess | undefined;
  commands: Commands;
  textRef: RefObject<HTMLTextAreaElement | null>;
  speakerRef: RefObject<HTMLInputElement | null>;
  onChange: (part: Partial<Said>) => void;
  onSpeaker: (name: string) => void;
  onDone: () => void;
}

/** The selected line: who says it, what and when. Of a fixed size, whatever there is to say of a line. */
export function LineEditor({ line, said, people, guess, commands, textRef, speakerRef, onChange, ...on }: Props) {
  const { t } = useTranslation();
  const doubtId = useId();
  if (!line || !said) return <Text c="dimmed">{t("dialogue.none")}</Text>;
  const keys = commands.get("dialogue.speaker").keys;
  const speaks = nameOf(said, people);
  const found = doubts(line);
  return (
    <Stack gap={8} className={classes.editor} component="section" aria-label={t("dialogue.line")}>
      <Group gap="xs" wrap="nowrap" h={24}>
        <Text size="sm" fw={600} className={classes.times ?? ""}>
          {clockText(said.start_ms, true)} – {clockText(said.end_ms, true)}
        </Text>
        <Text size="xs" c="dimmed" truncate id={doubtId}>
          {line.removed ? t("dialogue.removed") : found.map((one) => t(`dialogue.doubts.${one}`)).join(" · ")}
        </Text>
      </Group>
      <Group gap={6} role="group" aria-label={t("dialogue.who")}>
        {people.slice(0, keys.length).map(({ id, name }, place) => (
          <Button
            key={id}
            size="compact-sm"
            variant={name === speaks ? "filled" : "default"}
            aria-pressed={name === speaks}
            onClick={() => on.onSpeaker(name)}
            leftSection={keys[place] ? <KeyCaps keyName={keys[place]} /> : null}
          >
            {name}
          </Button>
        ))}
        <Autocomplete
          ref={speakerRef}
          size="xs"
          w={150}
          aria-label={t("dialogue.speaker")}
          placeholder={t("dialogue.speaker")}
          data={people.map(({ name }) => name)}
          value={said.speaker}
          maxLength={100}
          onChange={(speaker) => onChange({ speaker })}
          onBlur={on.onDone}
          onKeyDown={(event) => {
            if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </Group>
      <div className={classes.guess}>
        {guess && (
          <Button
            size="compact-xs"
            variant="light"
            color="grape"
            leftSection={<IconSparkles size={14} />}
            rightSection={<KeyCaps keyName={commands.get("dialogue.guess").keys[0] ?? ""} />}
            onClick={commands.get("dialogue.guess").run}
          >
            {t("dialogue.guess", { name: guess.name, percent: Math.round(guess.share * 100) })}
          </Button>
        )}
      </div>
      <Textarea
        ref={textRef}
        aria-label={t("dialogue.text")}
        aria-describedby={doubtId}
        rows={3}
        maxLength={2000}
        value={said.text}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        onBlur={on.onDone}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) {
            event.preventDefault();
            event.currentTarget.blur();
          }
        }}
      />
      <Group gap="xs">
        <CommandButton command={commands.get("dialogue.approve")} size="xs" leftSection={<IconCheck size={15} />} />
        <CommandButton
          command={commands.get("dialogue.playLine")}
          size="xs"
          variant="default"
          leftSection={<IconPlayerPlay size={15} />}
        />
        <CommandButton
          command={commands.get("dialogue.remove")}
          label={line.removed ? "dialogue.restore" : "dialogue.remove"}
          size="xs"
          variant="default"
        />
      </Group>
    </Stack>
  );
}

import { Button, Group, Text, Title } from "@mantine/core";
import { IconUserOff, IconUserPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ClipPerson, Relating } from "../../api/types";
import { CommandButton } from "../../commands/CommandButton";
import { KeyCaps } from "../../commands/KeyCaps";
import type { Commands } from "../../commands/useCommands";
import { Face } from "./Face";
import classes from "./PairStep.module.css";
import { useNameOf } from "./people";
import type { RelatingDesk } from "./useRelating";

interface Props {
  turn: Relating;
  desk: RelatingDesk;
  commands: Commands;
  onChoose: (place: number) => void;
}

/** Step 2: the people who are seen longest, each with pictures; two of them are the pair. */
export function PairStep({ turn, desk, commands, onChoose }: Props) {
  const { t } = useTranslation();
  const nameOf = useNameOf(turn.people);
  const candidates = turn.people.filter((one) => one.is_candidate);
  const others = turn.people.filter((one) => !one.is_candidate);
  const wrong = new Set(desk.remarks.filter(({ kind }) => kind === "wrong_person").map(({ identity }) => identity));
  const missing = desk.remarks.filter(({ kind }) => kind === "missing_person").length;
  return (
    <>
      <div>
        <Title order={2} size="h5">
          {t("relate.pairQuestion")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("relate.pairLead")}
        </Text>
      </div>
      <fieldset className={classes.cards} aria-label={t("relate.pairQuestion")}>
        {candidates.map((person, place) => (
          <Card
            key={person.identity}
            person={person}
            name={nameOf(person.identity)}
            keyName={commands.get("relate.digit").keys[place] ?? ""}
            clip={turn.clip}
            isChosen={desk.draft.pair.includes(person.identity)}
            isWrong={wrong.has(person.identity)}
            onChoose={() => onChoose(place)}
          />
        ))}
      </fieldset>
      {others.length > 0 && (
        <Group gap="md" className={classes.others ?? ""}>
          <Text size="sm" c="dimmed">
            {t("relate.others")}
          </Text>
          {others.map((person) => (
            <Group key={person.identity} gap={6}>
              <span className={classes.small}>
                <Face person={person} name={nameOf(person.identity)} />
              </span>
              <Text size="sm">{nameOf(person.identity)}</Text>
            </Group>
          ))}
        </Group>
      )}
      <Group gap="xs">
        <CommandButton
          command={commands.get("relate.wrong")}
          size="compact-sm"
          variant="default"
          leftSection={<IconUserOff size={15} />}
        />
        <CommandButton
          command={commands.get("relate.missing")}
          size="compact-sm"
          variant="default"
          leftSection={<IconUserPlus size={15} />}
        />
        {missing > 0 && (
          <Text size="sm" c="orange">
            {t("relate.missingMarked", { count: missing })}
          </Text>
        )}
      </Group>
    </>
  );
}

interface CardProps {
  person: ClipPerson;
  name: string;
  keyName: string;
  clip: Relating["clip"];
  isChosen: boolean;
  isWrong: boolean;
  onChoose: () => void;
}

function Card({ person, name, keyName, clip, isChosen, isWrong, onChoose }: CardProps) {
  const { t } = useTranslation();
  const length = clip.end_ms - clip.start_ms;
  const share = (ms: number) => `${(100 * ms) / length}%`;
  const seen = t("relate.seen", { seconds: Math.round(person.screen_time_ms / 1000) });
  return (
    <Button
      variant="default"
      className={classes.card ?? ""}
      classNames={{ inner: classes.inner ?? "", label: classes.label ?? "" }}
      aria-pressed={isChosen}
      aria-label={`${name}, ${seen}`}
      data-chosen={isChosen || undefined}
      onClick={onChoose}
    >
      <span className={classes.faces} data-alone={person.pictures.length < 2 || undefined}>
        <Face person={person} name={name} />
        <span className={classes.more}>
          {person.pictures.slice(1).map((picture) => (
            <img key={picture} src={picture} alt="" />
          ))}
        </span>
      </span>
      <span className={classes.name}>
        {keyName && <KeyCaps keyName={keyName} />}
        <b>{name}</b>
        <span className={classes.seen}>{seen}</span>
      </span>
      <span className={classes.spans} aria-hidden>
        {person.spans.map(([start = 0, end = 0]) => (
          <i key={start} style={{ insetInlineStart: share(start - clip.start_ms), width: share(end - start) }} />
        ))}
      </span>
      <span className={classes.flag}>{isWrong && t("relate.wrongMarked")}</span>
    </Button>
  );
}

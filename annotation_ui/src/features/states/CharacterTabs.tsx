import { IconCircle, IconCircleCheckFilled, IconPencil } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EpisodeMedia, Person } from "../../api/types";
import { ariaKey, keyCaps } from "../../commands/keys";
import { useEmotionName } from "../../components/useEmotionName";
import type { Thumbnails } from "../../media/thumbnails";
import classes from "./CharacterTabs.module.css";
import { ClipFace } from "./ClipFace";
import { answerOf, type Draft, type Progress, progressOf } from "./draft";

interface Props {
  people: readonly Person[];
  draft: Draft;
  /** The key of each person, in their order. */
  keys: readonly string[];
  media: EpisodeMedia;
  thumbnails: Thumbnails;
  onSelect: (character: number) => void;
}

const ICONS: Readonly<Record<Progress, typeof IconCircle>> = {
  open: IconCircle,
  changed: IconPencil,
  submitted: IconCircleCheckFilled,
};
const WORDS = { open: "states.open", changed: "states.changed", submitted: "states.answered" } as const;

/** A card per main character: picture, name, what was said so far. */
export function CharacterTabs({ people, draft, keys, media, thumbnails, onSelect }: Props) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.tabs} aria-label={t("states.characters")}>
      {people.map((person, place) => {
        const progress = progressOf(draft, person.id);
        const Icon = ICONS[progress];
        const isCurrent = person.id === draft.current;
        return (
          <button
            key={person.id}
            type="button"
            className={classes.tab}
            aria-current={isCurrent ? "step" : undefined}
            aria-label={`${person.name}: ${t(WORDS[progress])}`}
            {...(keys[place]
              ? { "aria-keyshortcuts": ariaKey(keys[place]), title: keyCaps(keys[place]).join(" + ") }
              : {})}
            onClick={() => onSelect(person.id)}
          >
            <ClipFace person={person} media={media} thumbnails={thumbnails} />
            <span className={classes.words}>
              <span className={classes.name}>{person.name}</span>
              <Said draft={draft} person={person} />
            </span>
            <Icon size={17} stroke={1.8} aria-hidden className={classes.state} data-progress={progress} />
          </button>
        );
      })}
    </fieldset>
  );
}

function Said({ draft, person }: { draft: Draft; person: Person }) {
  const { t } = useTranslation();
  const emotion = useEmotionName();
  const { status, primary, fineGrained, unsure } = answerOf(draft, person.id);
  const unseen = person.on_screen.length === 0 ? t("states.offScreen") : t("states.onScreen");
  const text = status === null ? unseen : t(`states.key.${status}`);
  const felt = fineGrained || primary;
  return (
    <span className={classes.said}>
      {status === "one" && felt ? emotion(felt) : text}
      {unsure && <abbr title={t("states.unsureShort")}> (?)</abbr>}
    </span>
  );
}

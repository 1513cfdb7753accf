import { IconCircle, IconCircleCheckFilled, IconPencil, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Person } from "../../api/types";
import classes from "./CharacterTabs.module.css";
import { answerOf, type Draft, type Progress, progressOf } from "./draft";
import { useEmotionName } from "./useEmotionName";

interface Props {
  people: readonly Person[];
  draft: Draft;
  onSelect: (character: number) => void;
}

const ICONS: Readonly<Record<Progress, typeof IconCircle>> = {
  open: IconCircle,
  changed: IconPencil,
  submitted: IconCircleCheckFilled,
};
const WORDS = { open: "states.open", changed: "states.changed", submitted: "states.answered" } as const;

/** A card per main character: picture, name, what was said so far. */
export function CharacterTabs({ people, draft, onSelect }: Props) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.tabs} aria-label={t("states.characters")}>
      {people.map((person) => {
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
            onClick={() => onSelect(person.id)}
          >
            {person.face_url ? (
              <img className={classes.face} src={person.face_url} alt="" />
            ) : (
              <span className={classes.face}>
                <IconUser size={22} stroke={1.5} aria-hidden />
              </span>
            )}
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
  const { status, primary, fineGrained } = answerOf(draft, person.id);
  const unseen = person.on_screen.length === 0 ? t("states.offScreen") : t("states.onScreen");
  const text = status === null ? unseen : t(`states.key.${status}`);
  const felt = fineGrained || primary;
  return <span className={classes.said}>{status === "one" && felt ? emotion(felt) : text}</span>;
}

import { UnstyledButton } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { InstrumentItem } from "../../api/types";
import { CANNOT_TELL } from "./course";
import classes from "./Questionnaire.module.css";
import { useWords } from "./useWords";

interface Props {
  items: readonly InstrumentItem[];
  ratings: ReadonlyMap<string, number>;
  place: number;
  onOpen: (place: number) => void;
}

/** All statements with their answers; the one that is asked stays in sight. */
export function ItemList({ items, ratings, place, onOpen }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const current = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the place that brings another one into sight
  useEffect(() => {
    current.current?.scrollIntoView?.({ block: "nearest" });
  }, [place]);
  return (
    <ul className={classes.list} aria-label={t("personality.statements")}>
      {items.map(({ key, text, left }, at) => {
        const value = ratings.get(key);
        const shown = value === undefined ? "·" : value === CANNOT_TELL ? "–" : value;
        return (
          <li key={key}>
            <UnstyledButton
              ref={at === place ? current : null}
              className={classes.entry ?? ""}
              aria-current={at === place}
              onClick={() => onOpen(at)}
            >
              <span
                className={classes.value}
                role="img"
                aria-label={value === undefined ? t("personality.unanswered") : String(value)}
              >
                {shown}
              </span>
              <span className={classes.text}>{left ? `${words(left)} ↔ ${words(text)}` : words(text)}</span>
            </UnstyledButton>
          </li>
        );
      })}
    </ul>
  );
}

import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ClipLine, EpisodeMedia } from "../../api/types";
import { itemAt } from "../../media/intervals";
import type { Player } from "../../media/player";
import type { Thumbnails } from "../../media/thumbnails";
import { useClock } from "../../media/usePlayer";
import type { Draft } from "./draftStore";
import classes from "./LineList.module.css";
import { LineRow } from "./LineRow";

interface Props {
  player: Player;
  thumbnails: Thumbnails;
  media: EpisodeMedia;
  originMs: number;
  lines: readonly ClipLine[];
  selected: string | undefined;
  typed: Draft["typed"];
  locked: boolean;
  onSelect: (name: string) => void;
  onType: (name: string, text: string) => void;
  onSettle: () => void;
  onSplit: (name: string, text: string, place: number) => void;
}

/** The clip's lines, each written in place. The one that is spoken is lit by hand: a tick renders nothing. */
export function LineList({ player, lines, selected, typed, ...rest }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  useClock(player, (timeMs) => {
    const now = itemAt(lines, timeMs)?.name;
    for (const row of list.current?.children ?? []) {
      if (row instanceof HTMLElement) row.toggleAttribute("data-now", row.dataset.line === now);
    }
  });
  return (
    <ol ref={list} className={classes.list} aria-label={t("relate.lines")}>
      {lines.map((line) => (
        <LineRow
          key={line.name}
          line={line}
          text={typed?.name === line.name ? typed.text : line.text}
          isSelected={line.name === selected}
          {...rest}
        />
      ))}
    </ol>
  );
}

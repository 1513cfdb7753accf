import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ClipLine, EpisodeMedia } from "../../api/types";
import type { Thumbnails } from "../../media/thumbnails";
import { clockText } from "../../media/timecode";
import classes from "./LineList.module.css";
import { isDoubtful, wasUnsure } from "./lines";
import { OcrCrop } from "./OcrCrop";

interface Props {
  line: ClipLine;
  /** What stands in the field: the line's text, or what is being written. */
  text: string;
  isSelected: boolean;
  locked: boolean;
  thumbnails: Thumbnails;
  media: EpisodeMedia;
  originMs: number;
  onSelect: (name: string) => void;
  onType: (name: string, text: string) => void;
  onSettle: () => void;
  onSplit: (name: string, text: string, place: number) => void;
}

const LONGEST = 500;

export function LineRow({ line, text, isSelected, locked, thumbnails, media, originMs, ...on }: Props) {
  const { t } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  const start = clockText(line.start_ms - originMs, true);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView?.({ block: "nearest" });
  }, [isSelected]);
  return (
    <li ref={row} className={classes.row} data-line={line.name} data-selected={isSelected || undefined}>
      <button type="button" className={classes.time} tabIndex={-1} aria-hidden onClick={() => on.onSelect(line.name)}>
        {start}
        <span>{clockText(line.end_ms - originMs, true)}</span>
      </button>
      <div className={classes.body}>
        <textarea
          className={classes.text}
          rows={Math.max(1, Math.ceil(text.length / 60))}
          maxLength={LONGEST}
          value={text}
          readOnly={locked}
          aria-label={t("relate.lineText", { time: start })}
          aria-current={isSelected || undefined}
          onFocus={() => on.onSelect(line.name)}
          onChange={(event) => on.onType(line.name, event.currentTarget.value)}
          onBlur={on.onSettle}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === "Escape") event.currentTarget.blur();
            if (event.key !== "Enter") return;
            event.preventDefault();
            const place = event.currentTarget.selectionStart;
            if (event.shiftKey || event.ctrlKey) on.onSplit(line.name, text, place);
            else event.currentTarget.blur();
          }}
        />
        {wasUnsure(line) && line.box && (
          <OcrCrop line={line} box={line.box} media={media} thumbnails={thumbnails} label={t("relate.crop")} />
        )}
      </div>
      <span className={classes.mark}>
        {isDoubtful(line) && <IconAlertTriangle size={16} role="img" aria-label={t("relate.doubt")} />}
      </span>
    </li>
  );
}

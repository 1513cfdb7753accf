import { IconAlertTriangle, IconCheck, IconUserQuestion } from "@tabler/icons-react";
import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { DialogueLine } from "../../api/types";
import { useDates } from "../../components/useDates";
import { clockText } from "../../media/timecode";
import classes from "./LineList.module.css";
import { doubts } from "./lines";

interface Props {
  lines: readonly DialogueLine[];
  selected: string | undefined;
  toneOf: (speaker: string) => number | undefined;
  onSelect: (line: DialogueLine) => void;
}

export function LineList({ lines, selected, toneOf, onSelect }: Props) {
  const { t } = useTranslation();
  return (
    <ol className={classes.list} aria-label={t("dialogue.lines")}>
      {lines.map((line) => (
        <Row
          key={line.key}
          line={line}
          tone={toneOf(line.speaker)}
          isSelected={line.key === selected}
          onSelect={onSelect}
        />
      ))}
    </ol>
  );
}

interface RowProps {
  line: DialogueLine;
  tone: number | undefined;
  isSelected: boolean;
  onSelect: (line: DialogueLine) => void;
}

const Row = memo(function Row({ line, tone, isSelected, onSelect }: RowProps) {
  const { t } = useTranslation();
  const { moment } = useDates();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView?.({ block: "nearest" });
  }, [isSelected]);
  const found = doubts(line);
  const by =
    line.corrected && t("dialogue.by", { name: line.corrected.author, time: moment(line.corrected.created_at) });
  return (
    <li
      ref={row}
      className={classes.row}
      data-selected={isSelected || undefined}
      data-removed={line.removed || undefined}
    >
      <button
        type="button"
        className={classes.button}
        aria-current={isSelected || undefined}
        onClick={() => onSelect(line)}
      >
        <span className={classes.time}>{clockText(line.start_ms, true)}</span>
        <span className={classes.speaker} data-tone={tone}>
          {line.speaker || "?"}
        </span>
        <span className={classes.text}>{line.text}</span>
        <span className={classes.marks}>
          {found.includes("timing") && (
            <IconAlertTriangle size={15} role="img" aria-label={t("dialogue.doubtTiming")} className={classes.doubt} />
          )}
          {found.includes("speaker") && (
            <IconUserQuestion size={15} role="img" aria-label={t("dialogue.doubtSpeaker")} className={classes.doubt} />
          )}
          {by && (
            <span title={by}>
              <IconCheck size={15} role="img" aria-label={by} className={classes.checked} />
            </span>
          )}
        </span>
      </button>
    </li>
  );
});

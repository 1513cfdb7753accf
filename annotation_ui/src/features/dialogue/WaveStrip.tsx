import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DialogueLine, EpisodeMedia } from "../../api/types";
import type { Player } from "../../media/player";
import { rulerTimes, type Window } from "../../media/ruler";
import { clockText } from "../../media/timecode";
import { useClock } from "../../media/usePlayer";
import { Waveform } from "../../media/Waveform";
import { doubts, rowsOf, type Said } from "./lines";
import classes from "./WaveStrip.module.css";

interface Props {
  player: Player;
  media: EpisodeMedia;
  lines: readonly DialogueLine[];
  selected: DialogueLine | undefined;
  /** The selected line as it is being dragged. */
  said: Said | undefined;
  toneOf: (speaker: string) => number | undefined;
  lengthMs: number;
  onSelect: (line: DialogueLine) => void;
  onEdge: (edge: "start" | "end", timeMs: number) => void;
  onDrop: () => void;
}

/** The sound around the selected line, with every line on it. The selected one has edges that can be dragged. */
export function WaveStrip({ player, media, lines, selected, said, toneOf, lengthMs, onSelect, onEdge, onDrop }: Props) {
  const { t } = useTranslation();
  const strip = useRef<HTMLDivElement>(null);
  const needle = useRef<HTMLDivElement>(null);
  const [startMs, setStartMs] = useState(0);
  const last = Math.max(media.duration_ms - lengthMs, 0);
  const shown: Window = [Math.min(startMs, last), Math.min(startMs, last) + lengthMs];
  const percent = (timeMs: number) => `${((timeMs - shown[0]) / lengthMs) * 100}%`;
  const rows = useMemo(() => rowsOf(lines), [lines]);

  const middle = selected ? (selected.start_ms + selected.end_ms) / 2 : 0;
  const key = selected?.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another line or zoom moves the strip, dragging an edge does not
  useEffect(() => {
    setStartMs(Math.min(Math.max(Math.round(middle - lengthMs / 2), 0), last));
  }, [key, lengthMs, last]);

  useClock(player, (timeMs) => {
    const out = timeMs < shown[0] || timeMs >= shown[1];
    if (needle.current) {
      needle.current.style.transform = `translateX(${((timeMs - shown[0]) / lengthMs) * 100}%)`;
      needle.current.style.visibility = out ? "hidden" : "visible";
    }
    // turn the page, as sound editors do, and only while it plays
    if (out && player.snapshot.playing) setStartMs(Math.min(Math.max(Math.round(timeMs - lengthMs / 10), 0), last));
  });

  function timeAt(event: PointerEvent): number {
    const box = strip.current?.getBoundingClientRect();
    return box && box.width > 0 ? shown[0] + ((event.clientX - box.left) / box.width) * lengthMs : shown[0];
  }

  return (
    <div className={classes.strip} ref={strip} onPointerDown={(event) => player.seek(Math.round(timeAt(event)))}>
      <div className={classes.ruler}>
        {rulerTimes(lengthMs).map((time) => (
          <span key={time} className={classes.tick} style={{ left: percent(shown[0] + time) }}>
            {clockText(shown[0] + time, true)}
          </span>
        ))}
      </div>
      <div className={classes.sound}>
        <Waveform source={media.waveform} window={shown} />
      </div>
      {lines
        .filter((line) => line.end_ms > shown[0] && line.start_ms < shown[1])
        .map((line) => {
          const isSelected = line.key === key;
          const at = isSelected && said ? said : line;
          return (
            <div
              key={line.key}
              className={classes.line}
              data-row={rows.get(line.key)}
              data-tone={toneOf(at.speaker)}
              data-selected={isSelected || undefined}
              data-doubtful={doubts(line).length > 0 || undefined}
              data-removed={line.removed || undefined}
              style={{ left: percent(at.start_ms), width: `${((at.end_ms - at.start_ms) / lengthMs) * 100}%` }}
            >
              <button
                type="button"
                tabIndex={-1}
                className={classes.name}
                title={at.text}
                onPointerDown={(event) => {
                  event.stopPropagation();
                  onSelect(line);
                }}
              >
                <b>{at.speaker || "?"}</b> {at.text}
              </button>
              {isSelected &&
                (["start", "end"] as const).map((edge) => (
                  <div
                    key={edge}
                    className={classes.edge}
                    data-edge={edge}
                    title={t(edge === "start" ? "dialogue.start" : "dialogue.end")}
                    onPointerDown={(event) => {
                      event.stopPropagation();
                      event.preventDefault();
                      event.currentTarget.setPointerCapture(event.pointerId);
                    }}
                    onPointerMove={(event) => event.buttons === 1 && onEdge(edge, timeAt(event))}
                    onPointerUp={onDrop}
                  />
                ))}
            </div>
          );
        })}
      <div ref={needle} className={classes.needle} aria-hidden />
    </div>
  );
}

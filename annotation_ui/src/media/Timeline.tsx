import { type PointerEvent, type ReactNode, useRef } from "react";
import type { Player } from "./player";
import { rulerTimes, type Window } from "./ruler";
import classes from "./Timeline.module.css";
import { clockText } from "./timecode";
import { useClock } from "./usePlayer";

export interface LaneItem {
  key: string | number;
  startMs: number;
  endMs: number;
  text?: string;
  title?: string;
  /** Number of a colour out of the palette in `styles.css`; the text beside it says the same in words. */
  tone?: number;
  faint?: boolean;
  /** Something to look after, in the colour of warnings. */
  warns?: boolean;
  /** The item is a button that does this; `title` is its name. */
  press?: () => void;
  selected?: boolean;
  /** Takes the item away: it becomes a button of that name. */
  remove?: { label: string; run: () => void };
}

export interface LaneMark {
  key: string | number;
  timeMs: number;
  label: string;
  selected?: boolean;
  /** Its line goes through all lanes. */
  tall?: boolean;
  onClick?: () => void;
}

export interface Lane {
  id: string;
  label: ReactNode;
  height: "thin" | "normal";
  items?: readonly LaneItem[];
  marks?: readonly LaneMark[];
  /** What lies behind the items, over the whole width: a waveform. */
  background?: ReactNode;
}

interface Props {
  player: Player;
  window: Window;
  lanes: readonly Lane[];
  label: string;
  /** What the ruler calls zero; by default the window's start. */
  originMs?: number;
  /** Somebody drew over a span with Shift held down. */
  onSpan?: (startMs: number, endMs: number) => void;
}

/** Less is a click that slipped. */
const SHORTEST_SPAN_MS = 100;

/** Lanes under one needle. Click or drag to move in the video. */
export function Timeline({ player, window, lanes, label, originMs = window[0], onSpan }: Props) {
  const tracks = useRef<HTMLDivElement>(null);
  const needle = useRef<HTMLDivElement>(null);
  const drawn = useRef<HTMLDivElement>(null);
  const drawnFrom = useRef<number>(undefined);
  const [startMs, endMs] = window;
  const lengthMs = Math.max(endMs - startMs, 1);
  const share = (timeMs: number) => Math.min(Math.max((timeMs - startMs) / lengthMs, 0), 1);
  const percent = (timeMs: number) => `${share(timeMs) * 100}%`;

  useClock(player, (timeMs) => {
    if (needle.current) needle.current.style.transform = `translateX(${share(timeMs) * 100}%)`;
    const shown = Math.floor((timeMs - originMs) / 1000);
    if (tracks.current && tracks.current.ariaValueNow !== String(shown)) {
      tracks.current.setAttribute("aria-valuenow", String(shown));
      tracks.current.setAttribute("aria-valuetext", clockText(timeMs - originMs));
    }
  });

  function timeAt(event: PointerEvent<HTMLDivElement>): number | undefined {
    const box = event.currentTarget.getBoundingClientRect();
    if (box.width <= 0) return undefined;
    const along = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    return Math.round(startMs + along * lengthMs);
  }

  function seekTo(event: PointerEvent<HTMLDivElement>) {
    const time = timeAt(event);
    if (time !== undefined) player.seek(time);
  }

  function draw(event: PointerEvent<HTMLDivElement>) {
    const [from, to] = [drawnFrom.current, timeAt(event)];
    if (from === undefined || to === undefined || !drawn.current) return;
    drawn.current.style.left = percent(Math.min(from, to));
    drawn.current.style.width = `${Math.abs(share(to) - share(from)) * 100}%`;
  }

  function endDrawing(event: PointerEvent<HTMLDivElement>) {
    const [from, to] = [drawnFrom.current, timeAt(event)];
    drawnFrom.current = undefined;
    if (drawn.current) drawn.current.style.width = "0";
    if (from !== undefined && to !== undefined && Math.abs(to - from) >= SHORTEST_SPAN_MS) {
      onSpan?.(Math.min(from, to), Math.max(from, to));
    }
  }

  return (
    <div className={classes.timeline}>
      <div className={classes.labels}>
        <div className={classes.ruler} />
        {lanes.map((lane) => (
          <div key={lane.id} className={classes.label} data-height={lane.height}>
            {lane.label}
          </div>
        ))}
      </div>
      <div
        ref={tracks}
        className={classes.tracks}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={Math.floor((startMs - originMs) / 1000)}
        aria-valuemax={Math.floor((endMs - originMs) / 1000)}
        aria-valuenow={0}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture?.(event.pointerId);
          if (onSpan && event.shiftKey) drawnFrom.current = timeAt(event);
          else seekTo(event);
        }}
        onPointerMove={(event) => {
          if (drawnFrom.current !== undefined) draw(event);
          else if (event.buttons === 1) seekTo(event);
        }}
        onPointerUp={endDrawing}
        onPointerCancel={() => {
          drawnFrom.current = undefined;
        }}
      >
        <div className={classes.ruler}>
          {rulerTimes(lengthMs, startMs - originMs).map((time) => (
            <span key={time} className={classes.tick} style={{ left: percent(startMs + time) }}>
              {clockText(startMs + time - originMs)}
            </span>
          ))}
        </div>
        {lanes.map((lane) => (
          <div key={lane.id} className={classes.lane} data-height={lane.height}>
            {lane.background && <div className={classes.background}>{lane.background}</div>}
            {lane.items?.map((item) => (
              <div
                key={item.key}
                className={classes.item}
                data-tone={item.tone}
                data-faint={item.faint || undefined}
                data-warns={item.warns || undefined}
                data-selected={item.selected || undefined}
                title={item.title ?? item.text}
                style={{ left: percent(item.startMs), width: `${(share(item.endMs) - share(item.startMs)) * 100}%` }}
              >
                {item.text && <span className={classes.text}>{item.text}</span>}
                {item.press && (
                  <button
                    type="button"
                    tabIndex={-1}
                    className={classes.press}
                    aria-label={item.title ?? item.text}
                    aria-pressed={item.selected ?? false}
                    onPointerDown={(event) => event.stopPropagation()}
                    onClick={item.press}
                  />
                )}
                {item.remove && (
                  <button
                    type="button"
                    className={classes.remove}
                    aria-label={item.remove.label}
                    onPointerDown={(event) => event.stopPropagation()}
                    onClick={item.remove.run}
                  >
                    ×
                  </button>
                )}
              </div>
            ))}
            {lane.marks?.map((mark) => (
              <button
                key={mark.key}
                type="button"
                tabIndex={-1}
                className={classes.mark}
                data-selected={mark.selected || undefined}
                data-tall={mark.tall || undefined}
                style={{ left: percent(mark.timeMs) }}
                title={mark.label}
                aria-label={mark.label}
                onPointerDown={(event) => event.stopPropagation()}
                onClick={mark.onClick}
              />
            ))}
          </div>
        ))}
        <div ref={drawn} className={classes.drawn} aria-hidden />
        <div ref={needle} className={classes.needle} aria-hidden />
      </div>
    </div>
  );
}

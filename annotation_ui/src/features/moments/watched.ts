import { useEffect, useState, useSyncExternalStore } from "react";
import type { AssignmentDetail } from "../../api/types";
import { percentOf } from "../../components/percent";
import { coveredMs, gapsIn, type Span, withSpan } from "../../media/intervals";
import type { Player } from "../../media/player";
import { type Entry, itemOf } from "../../saving/changes";
import { useOutbox } from "../../saving/SavingProvider";

/** Between two ticks of a playing video lies less than this; more means that a sleeping computer woke up. */
const LONGEST_TICK_MS = 2500;
/** Who is so near to a part is there already: a player that was sent to a time shows the frame before it. */
const HERE_MS = 250;
const TELL_EVERY_MS = 1000;
const SEND_EVERY_MS = 10_000;

interface Pending {
  spans: readonly Span[];
  positionMs: number;
}

/** What the log knows already, and where it brings what is new. */
export interface WatchedParts {
  /** Where seen parts wait on this computer until they are on their way. */
  key: string;
  known: readonly Span[];
  positionMs: number;
  /** Take over what was seen; false: not now, ask again. */
  take: (pending: Pending) => boolean;
  storage?: Storage;
}

/**
 * Which parts of an episode were played. They wait on this computer's disk until the outbox takes them, at the latest ten
 * seconds after they were seen.
 */
export class WatchedLog {
  private spans: readonly Span[];
  private told: readonly Span[];
  private pending: readonly Span[];
  private lastMs: number | null = null;
  private lastJump = 0;
  private untoldMs = 0;
  private readonly storage: Storage;
  private readonly listeners = new Set<() => void>();
  /** Where to go on: on this computer if something of it is not with the server yet. */
  readonly resumeMs: number;

  constructor(private readonly parts: WatchedParts) {
    this.storage = parts.storage ?? window.localStorage;
    const left = readPending(this.storage.getItem(parts.key));
    this.pending = left.spans;
    this.spans = left.spans.reduce<readonly Span[]>(withSpan, parts.known);
    this.told = this.spans;
    this.resumeMs = left.spans.length > 0 ? left.positionMs : parts.positionMs;
  }

  get snapshot(): readonly Span[] {
    return this.told;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Note the time of the video; call it at every tick. `jump` is another number after somebody moved in it. */
  note(timeMs: number, playing: boolean, jump = 0): void {
    const passed = this.lastMs === null || jump !== this.lastJump ? 0 : timeMs - this.lastMs;
    if (playing && this.lastMs !== null && passed > 0 && passed < LONGEST_TICK_MS) {
      this.spans = withSpan(this.spans, [this.lastMs, timeMs]);
      this.pending = withSpan(this.pending, [this.lastMs, timeMs]);
      this.untoldMs += passed;
    }
    this.lastMs = timeMs;
    this.lastJump = jump;
    if (this.untoldMs >= TELL_EVERY_MS || (!playing && this.untoldMs > 0)) this.tell();
  }

  /** Hand over what was seen since the last time. */
  flush(): void {
    if (this.untoldMs > 0) this.tell();
    if (this.pending.length === 0) return;
    // First the outbox keeps it, then we forget: what is told twice changes nothing.
    if (!this.parts.take({ spans: this.pending, positionMs: this.lastMs ?? this.resumeMs })) return;
    this.pending = [];
    this.storage.removeItem(this.parts.key);
  }

  private tell(): void {
    this.untoldMs = 0;
    this.told = this.spans;
    try {
      this.storage.setItem(this.parts.key, JSON.stringify({ spans: this.pending, positionMs: this.lastMs ?? 0 }));
    } catch {
      // A full storage: it is still on its way in some seconds.
    }
    for (const listener of this.listeners) listener();
  }
}

function readPending(stored: string | null): Pending {
  try {
    const { spans, positionMs } = JSON.parse(stored ?? "{}") as Partial<Pending>;
    const kept = Array.isArray(spans) ? spans.filter(isSpan) : [];
    return { spans: kept, positionMs: typeof positionMs === "number" ? positionMs : 0 };
  } catch {
    return { spans: [], positionMs: 0 };
  }
}

function isSpan(value: unknown): value is Span {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "number");
}

/** Whole percent of the episode, and 100 only when no part is missing. */
export function watchedPercent(spans: readonly Span[], lengthMs: number, smallestMs: number): number {
  return percentOf(lengthMs - coveredMs(gapsIn(spans, lengthMs, smallestMs)), lengthMs);
}

/** Where the next part begins that was not seen: after the time, else from the start; undefined when all was seen. */
export function nextUnseen(gaps: readonly Span[], timeMs: number): number | undefined {
  return (gaps.find(([start]) => start > timeMs + HERE_MS) ?? gaps[0])?.[0];
}

/** What the server knows of a turn's watching, and over it what is on its way there. */
export function knownWatching(turn: AssignmentDetail, entries: readonly Entry[]): Pending {
  const saved = (turn.watched?.spans ?? []).map(([start = 0, end = 0]): Span => [start, end]);
  let known: Pending = { spans: saved, positionMs: turn.watched?.position_ms ?? 0 };
  for (const { change } of entries) {
    if (change.type !== "watched") continue;
    known = { spans: change.spans.reduce<Span[]>(withSpan, [...known.spans]), positionMs: change.positionMs };
  }
  return known;
}

/** The log of a turn's page. It goes on where the annotator was last, here or on another computer. */
export function useWatchedLog(player: Player, turn: AssignmentDetail): WatchedLog {
  const outbox = useOutbox();
  const item = itemOf(turn);
  const [log] = useState(() => {
    const known = knownWatching(
      turn,
      outbox.snapshot.entries.filter((entry) => entry.item === item),
    );
    const take = ({ spans, positionMs }: Pending) => {
      // One at a time: without a network the next one waits here and grows, instead of many that wait there.
      const isWaiting = ({ assignment, change }: Entry) => assignment === turn.id && change.type === "watched";
      if (outbox.snapshot.entries.some(isWaiting)) return false;
      outbox.add({ assignment: turn.id, item }, { type: "watched", spans, positionMs });
      return true;
    };
    return new WatchedLog({
      key: `affectory:watched:${turn.id}`,
      known: known.spans,
      positionMs: known.positionMs,
      take,
    });
  });
  useEffect(() => {
    if (log.resumeMs > 0) player.seekWhenReady(log.resumeMs);
    const stopClock = player.watchClock((timeMs) => log.note(timeMs, player.snapshot.playing, player.jumps));
    const stopState = player.subscribe(() => {
      if (!player.snapshot.playing) log.flush();
    });
    const stopOutbox = outbox.subscribe(() => {
      if (!player.snapshot.playing && outbox.snapshot.phase === "saved") log.flush();
    });
    const timer = setInterval(() => log.flush(), SEND_EVERY_MS);
    const leave = () => log.flush();
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", leave);
    return () => {
      for (const stop of [stopClock, stopState, stopOutbox]) stop();
      clearInterval(timer);
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", leave);
      log.flush();
    };
  }, [player, log, outbox]);
  return log;
}

export function useWatched(log: WatchedLog): readonly Span[] {
  return useSyncExternalStore(log.subscribe, () => log.snapshot);
}

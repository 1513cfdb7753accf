import { useEffect, useState, useSyncExternalStore } from "react";
import { type Span, withSpan } from "../../media/intervals";
import type { Player } from "../../media/player";

/** Between two ticks of a playing video lies less than this; more means that somebody moved in it. */
const LONGEST_TICK_MS = 2500;
const TELL_EVERY_MS = 1000;

/** Which parts of an episode were played, kept on this computer. */
export class WatchedLog {
  private spans: readonly Span[];
  private told: readonly Span[];
  private lastMs: number | null = null;
  private untoldMs = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly key: string,
    private readonly storage: Storage = window.localStorage,
  ) {
    this.spans = readSpans(storage.getItem(key));
    this.told = this.spans;
  }

  get snapshot(): readonly Span[] {
    return this.told;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Note the time of the video; call it at every tick. */
  note(timeMs: number, playing: boolean): void {
    const passed = this.lastMs === null ? 0 : timeMs - this.lastMs;
    if (playing && this.lastMs !== null && passed > 0 && passed < LONGEST_TICK_MS) {
      this.spans = withSpan(this.spans, [this.lastMs, timeMs]);
      this.untoldMs += passed;
    }
    this.lastMs = timeMs;
    if (this.untoldMs >= TELL_EVERY_MS || (!playing && this.untoldMs > 0)) this.tell();
  }

  private tell(): void {
    this.untoldMs = 0;
    this.told = this.spans;
    try {
      this.storage.setItem(this.key, JSON.stringify(this.told));
    } catch {
      // A full storage loses only this convenience.
    }
    for (const listener of this.listeners) listener();
  }
}

function readSpans(stored: string | null): Span[] {
  try {
    const value: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(value) ? value.filter(isSpan) : [];
  } catch {
    return [];
  }
}

function isSpan(value: unknown): value is Span {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "number");
}

export function useWatchedLog(player: Player, assignment: number): WatchedLog {
  const [log] = useState(() => new WatchedLog(`affectory:watched:${assignment}`));
  useEffect(() => player.watchClock((timeMs) => log.note(timeMs, player.snapshot.playing)), [player, log]);
  return log;
}

export function useWatched(log: WatchedLog): readonly Span[] {
  return useSyncExternalStore(log.subscribe, () => log.snapshot);
}

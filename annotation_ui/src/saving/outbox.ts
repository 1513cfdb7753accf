import { ApiError } from "../api/client";
import type { Accepted, Change, Entry, Saved } from "./changes";
import type { EntryStore } from "./store";
import { newId } from "./uuid";

/**
 * `saved` nothing is waiting · `saving` on its way · `offline` the server does not answer, tried again by itself ·
 * `signedOut` waits for a log-in · `lost` the turn ended before it was sent · `refused` the server will never take it ·
 * `unkept` this computer's storage is full: the entry lives in this page only.
 */
export type Phase = "saved" | "saving" | "offline" | "signedOut" | "lost" | "refused" | "unkept";

export interface OutboxState {
  phase: Phase;
  /** What the server has not accepted yet, in the order made. */
  entries: readonly Entry[];
  /** What the server said yes to since this page was opened, in that order. */
  accepted: readonly Accepted[];
  /** Assignments whose lease is gone. */
  lost: ReadonlySet<number>;
}

interface Parts {
  store: EntryStore;
  send: (entry: Entry) => Promise<Saved>;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** Sends changes one after the other, in the order made, and keeps each until the server has said yes. */
export class Outbox {
  private state: OutboxState = { phase: "saved", entries: [], accepted: [], lost: new Set() };
  private readonly listeners = new Set<() => void>();
  private sending = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = true;
  private lastMadeAt = 0;

  constructor(private readonly parts: Parts) {}

  get snapshot(): OutboxState {
    return this.state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Take up what an earlier page left behind, and send. Returns the way to stop. */
  start(): () => void {
    this.stopped = false;
    const known = new Set(this.state.entries.map((entry) => entry.id));
    const left = this.parts.store.all().filter((entry) => !known.has(entry.id));
    this.change({ entries: [...left, ...this.state.entries] });
    window.addEventListener("online", this.retry);
    void this.flush();
    return () => {
      this.stopped = true;
      clearTimeout(this.timer);
      window.removeEventListener("online", this.retry);
    };
  }

  /** Keep a change and send it as soon as possible. Returns its id: for a new moment that is the moment's id too. */
  add(turn: { assignment: number; item: string }, change: Change): string {
    this.lastMadeAt = Math.max(Date.now(), this.lastMadeAt + 1);
    const entry: Entry = { id: newId(), ...turn, madeAt: this.lastMadeAt, change };
    const waiting = this.state.phase === "offline" ? "offline" : "saving";
    this.change({ entries: [...this.state.entries, entry], phase: this.keep(entry) ? waiting : "unkept" });
    void this.flush();
    return entry.id;
  }

  /** Try at once: the network is back, or somebody logged in again. */
  retry = (): void => {
    this.failures = 0;
    clearTimeout(this.timer);
    void this.flush();
  };

  /** Send what is left of earlier turns at this item (an episode, a clip) in the turn that the person has now. */
  adopt(item: string, assignment: number): void {
    const entries = this.state.entries.map((entry) => (entry.item === item ? { ...entry, assignment } : entry));
    for (const entry of entries) if (entry.item === item) this.keep(entry);
    const lost = new Set(this.state.lost);
    lost.delete(assignment);
    this.change({ entries, lost });
    this.retry();
  }

  /** Ask once more: what was refused may be allowed by now, or was refused by mistake. */
  retryRefused(): void {
    const entries = this.state.entries.map(({ refusal: _, ...entry }) => entry);
    for (const entry of entries) this.keep(entry);
    this.change({ entries });
    this.retry();
  }

  /** Give up what the server will never take. */
  discardRefused(): void {
    for (const entry of this.state.entries) if (entry.refusal !== undefined) this.parts.store.remove(entry.id);
    this.change({ entries: this.state.entries.filter((entry) => entry.refusal === undefined) });
    this.settle();
  }

  private nextToSend(): Entry | undefined {
    return this.state.entries.find((entry) => entry.refusal === undefined && !this.state.lost.has(entry.assignment));
  }

  private async flush(): Promise<void> {
    if (this.sending || this.stopped) return;
    this.sending = true;
    clearTimeout(this.timer);
    try {
      for (let entry = this.nextToSend(); entry && !this.stopped; entry = this.nextToSend()) {
        if (this.state.phase !== "offline" && this.state.phase !== "unkept") this.change({ phase: "saving" });
        try {
          const saved = await this.parts.send(entry);
          this.failures = 0;
          this.accept(entry, saved);
        } catch (error) {
          if (!this.goOnAfter(error, entry)) return;
        }
      }
      this.settle();
    } finally {
      this.sending = false;
    }
    // Who hears that all is saved may have something more to say at once.
    if (this.nextToSend()) void this.flush();
  }

  /** Whether later entries may be tried after this one failed. */
  private goOnAfter(error: unknown, entry: Entry): boolean {
    if (error instanceof ApiError && error.status === 401) {
      this.change({ phase: "signedOut" });
      return false;
    }
    if (error instanceof ApiError && error.code === "lease_lost") {
      this.change({ lost: new Set([...this.state.lost, entry.assignment]) });
      return true;
    }
    if (error instanceof ApiError && !error.isPassing) {
      const refused = { ...entry, refusal: error.message || error.code };
      this.keep(refused);
      this.change({ entries: this.state.entries.map((one) => (one.id === entry.id ? refused : one)) });
      return true;
    }
    this.failures += 1;
    this.change({ phase: "offline" });
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (this.failures - 1), LONGEST_WAIT_MS);
    // Spread out, so that a room of annotators does not come back in the same second.
    this.timer = setTimeout(() => void this.flush(), wait * (0.75 + Math.random() / 2));
    return false;
  }

  /** Write to this computer's storage; false where it is full or forbidden. */
  private keep(entry: Entry): boolean {
    try {
      this.parts.store.put(entry);
      return true;
    } catch {
      return false;
    }
  }

  /** From "on its way" to "with the server" in one step, so that what is shown never flickers. */
  private accept(entry: Entry, saved: Saved): void {
    this.parts.store.remove(entry.id);
    this.change({
      entries: this.state.entries.filter((one) => one.id !== entry.id),
      accepted: [...this.state.accepted, { assignment: entry.assignment, saved }],
    });
  }

  private settle(): void {
    const { entries, lost } = this.state;
    if (entries.some((entry) => entry.refusal !== undefined)) this.change({ phase: "refused" });
    else if (entries.some((entry) => lost.has(entry.assignment))) this.change({ phase: "lost" });
    else this.change({ phase: entries.length > 0 ? "saving" : "saved" });
  }

  private change(part: Partial<OutboxState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}

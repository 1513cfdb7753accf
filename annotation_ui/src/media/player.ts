import type { Span } from "./intervals";
import { frameAway } from "./timecode";

export interface PlayerState {
  playing: boolean;
  /** 0.5 to 2; the pitch of voices stays. */
  rate: number;
  /** 0 to 1. */
  volume: number;
  muted: boolean;
  waiting: boolean;
  failed: boolean;
  ready: boolean;
  /** Whether a range begins again at its end, or stops there. */
  looping: boolean;
}

/** Speeds of the player. */
export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

const AT_REST: PlayerState = {
  playing: false,
  rate: 1,
  volume: 1,
  muted: false,
  waiting: false,
  failed: false,
  ready: false,
  looping: true,
};
const VOLUME_STEP = 0.1;

/**
 * The video element behind the words of this application: milliseconds, frames, a range that is played in a loop.
 *
 * What changes rarely is a snapshot for `useSyncExternalStore`. The clock is not in it: who draws the clock asks
 * `timeMs` in an animation frame (`useClock`), so that a tick moves a needle and never renders a page.
 */
export class Player {
  private video: HTMLVideoElement | null = null;
  private state = AT_REST;
  private range: Span | null = null;
  /** Rises whenever the time changed by moving in the video and not by playing it. */
  jumps = 0;
  /** Where the lead to the range begins, while it may be watched. */
  private lead: number | null = null;
  private readonly stateListeners = new Set<() => void>();
  private readonly clockListeners = new Set<(timeMs: number) => void>();

  /** For `<video ref>`. */
  attach = (video: HTMLVideoElement | null): (() => void) | undefined => {
    if (!video) return undefined;
    this.video = video;
    video.preservesPitch = true;
    video.playbackRate = this.state.rate;
    video.volume = this.state.volume;
    video.muted = this.state.muted;
    const stop = new AbortController();
    const on = (name: string, listen: () => void) => video.addEventListener(name, listen, { signal: stop.signal });
    // Late news of a press that another one has followed is no news.
    on("play", () => !video.paused && this.change({ playing: true }));
    on("pause", () => video.paused && this.rest());
    on("waiting", () => this.change({ waiting: true }));
    on("playing", () => this.change({ waiting: false }));
    on("canplay", () => this.change({ waiting: false, ready: true, failed: false }));
    on("error", () => this.change({ failed: true, waiting: false }));
    on("volumechange", () => this.change({ muted: video.muted, volume: video.volume }));
    on("loadedmetadata", () => {
      video.playbackRate = this.state.rate; // loading resets it
      this.tick();
    });
    on("seeking", () => {
      this.jumps += 1;
    });
    for (const name of ["timeupdate", "seeking", "seeked"]) on(name, () => this.tick());
    on("ended", () => {
      if (this.range && this.state.looping) this.restart();
    });
    return () => {
      stop.abort();
      this.video = null;
      const { rate, volume, muted, looping } = this.state;
      this.change({ ...AT_REST, rate, volume, muted, looping });
    };
  };

  get timeMs(): number {
    return Math.round((this.video?.currentTime ?? 0) * 1000);
  }

  get snapshot(): PlayerState {
    return this.state;
  }

  play(): void {
    if (this.range && !this.state.looping && this.timeMs >= this.range[1]) this.seek(this.range[0]);
    if (!this.video) return;
    // Not only when the browser tells of it: a second press that comes before must find what the first one did.
    this.change({ playing: true });
    // A browser may refuse to start before the first key press; then the picture stands and Play is there to be pressed.
    this.video.play()?.catch(() => this.change({ playing: !(this.video?.paused ?? true) }));
  }

  pause(): void {
    if (!this.video) return;
    this.video.pause();
    this.rest();
  }

  private rest(): void {
    this.tick(); // the last of what was played, before it counts as paused
    this.change({ playing: false });
  }

  toggle(): void {
    if (this.state.playing) this.pause();
    else this.play();
  }

  seek(timeMs: number): void {
    if (!this.video) return;
    const [first, last] = this.range ?? [0, (this.video.duration || Number.POSITIVE_INFINITY) * 1000];
    this.jumps += 1;
    this.video.currentTime = Math.min(Math.max(timeMs, this.lead ?? first), last) / 1000;
    this.tick();
  }

  /** Go there as soon as the video can: before it knows its length, a browser forgets where it was sent. */
  seekWhenReady(timeMs: number): void {
    const { video } = this;
    if (!video) return;
    if (video.readyState >= 1) this.seek(timeMs);
    else video.addEventListener("loadedmetadata", () => this.seek(timeMs), { once: true });
  }

  seekBy(ms: number): void {
    this.seek(this.timeMs + ms);
  }

  stepFrames(steps: number, frameMs: number): void {
    this.pause();
    this.seek(frameAway(this.timeMs, steps, frameMs));
  }

  /** Play the range again and again, from its start. */
  loop(range: Span | null): void {
    this.range = range;
    this.lead = null;
    if (range) this.restart();
  }

  /** Play what comes before the range, from a time on, and then the range. */
  playLead(fromMs: number): void {
    this.lead = fromMs;
    this.seek(fromMs);
    this.play();
  }

  toggleLooping(): void {
    this.change({ looping: !this.state.looping });
  }

  restart(): void {
    this.lead = null;
    this.seek(this.range?.[0] ?? 0);
    this.play();
  }

  changeRate(steps: number): void {
    const place = RATES.findIndex((rate) => rate >= this.state.rate);
    this.setRate(RATES[Math.min(Math.max(place + steps, 0), RATES.length - 1)] ?? 1);
  }

  /** Louder or quieter, by tenths; who makes it louder wants to hear it. */
  changeVolume(steps: number): void {
    this.setVolume(Math.round((this.state.volume + steps * VOLUME_STEP) * 10) / 10);
  }

  setVolume(wanted: number): void {
    const volume = Math.min(Math.max(wanted, 0), 1);
    const muted = volume === 0 || (this.state.muted && volume <= this.state.volume);
    if (this.video) {
      this.video.volume = volume;
      this.video.muted = muted;
    }
    this.change({ volume, muted });
  }

  /** Take over how somebody watched last time. */
  prefer({ rate, volume, muted }: Pick<PlayerState, "rate" | "volume" | "muted">): void {
    this.setRate(rate);
    if (this.video) {
      this.video.volume = volume;
      this.video.muted = muted;
    }
    this.change({ volume, muted });
  }

  /** Paint the frame that is shown now; false where there is none yet, or still the one before a jump. */
  paint(canvas: HTMLCanvasElement): boolean {
    if (!this.video || this.video.readyState < 2 || this.video.seeking) return false;
    canvas.getContext("2d")?.drawImage(this.video, 0, 0, canvas.width, canvas.height);
    return true;
  }

  private setRate(rate: number): void {
    if (this.video) this.video.playbackRate = rate;
    this.change({ rate });
  }

  toggleMuted(): void {
    if (!this.video) return;
    if (this.state.muted && this.state.volume === 0) this.setVolume(0.5);
    else this.video.muted = !this.video.muted;
  }

  /** Tell clocks the time, and turn back at the end of the looped range. */
  tick = (): void => {
    const time = this.timeMs;
    if (this.range && this.state.playing && time >= this.range[1]) {
      this.lead = null;
      if (this.state.looping) this.seek(this.range[0]);
      else this.stopAt(this.range[1]);
      return;
    }
    for (const listener of this.clockListeners) listener(time);
  };

  private stopAt(timeMs: number): void {
    this.change({ playing: false }); // before the video says so: else the next tick would stop it again
    this.pause();
    this.seek(timeMs);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  };

  /** Call `listener` with the time in ms, now and on every drawn frame in which it may have changed. */
  watchClock(listener: (timeMs: number) => void): () => void {
    this.clockListeners.add(listener);
    listener(this.timeMs);
    return () => this.clockListeners.delete(listener);
  }

  private change(part: Partial<PlayerState>): void {
    const next = { ...this.state, ...part };
    const same = (Object.keys(next) as (keyof PlayerState)[]).every((key) => next[key] === this.state[key]);
    if (same) return;
    this.state = next;
    for (const listener of this.stateListeners) listener();
  }
}

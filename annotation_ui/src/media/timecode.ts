/** Times are integer milliseconds on the proxy; a frame rate is a fraction, e.g. `24000/1001`. */

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** `1:02:03.4`, hours only where there are any, tenths only where asked. Cut off, never rounded up. */
export function clockText(ms: number, tenths = false): string {
  const whole = Math.max(0, Math.floor(ms / 100));
  const seconds = Math.floor(whole / 10);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const front = hours > 0 ? `${hours}:${padded(minutes, 2)}` : `${padded(minutes, 2)}`;
  return `${front}:${padded(seconds % 60, 2)}${tenths ? `.${whole % 10}` : ""}`;
}

/** How long one frame lasts, in ms. An unreadable rate counts as 25 frames a second. */
export function frameLengthMs(rate: string): number {
  const [frames, seconds = "1"] = rate.split("/");
  const length = (1000 * Number(seconds)) / Number(frames);
  return Number.isFinite(length) && length > 0 ? length : 40;
}

/** The middle of the frame `steps` frames away: a player shows exactly that frame, whichever way it rounds. */
export function frameAway(timeMs: number, steps: number, frameMs: number): number {
  const frame = Math.floor(timeMs / frameMs + 1e-6);
  return Math.max(0, (frame + steps + 0.5) * frameMs);
}

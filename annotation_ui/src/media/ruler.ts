/** The part of the video that a timeline shows, `[startMs, endMs)`. */
export type Window = readonly [startMs: number, endMs: number];

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000);
const MOST_TICKS = 10;

/**
 * Where the ticks of a ruler of that length stand, ten steps at most, none too near the end to be read. What is written
 * at its start is `offsetMs`: every tick stands at a round time.
 */
export function rulerTimes(lengthMs: number, offsetMs = 0): number[] {
  const step = STEPS_MS.find((candidate) => lengthMs / candidate <= MOST_TICKS) ?? 3_600_000;
  const times: number[] = [];
  for (let time = (step - (offsetMs % step)) % step; time < lengthMs - step * 0.4; time += step) times.push(time);
  return times;
}

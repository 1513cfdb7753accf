import fc from "fast-check";
import { expect, test } from "vitest";
import { coveredMs, itemAt, lastItemBy, type Span, withSpan } from "./intervals";
import { rulerTimes } from "./ruler";
import { clockText, frameAway, frameLengthMs } from "./timecode";

test.each([
  [0, false, "00:00"],
  [59_999, false, "00:59"],
  [59_999, true, "00:59.9"],
  [61_050, true, "01:01.0"],
  [3_723_400, true, "1:02:03.4"],
])("%i ms is written without rounding up (tenths: %s)", (ms, tenths, text) => expect(clockText(ms, tenths)).toBe(text));

test("a frame rate is a fraction", () => {
  expect(frameLengthMs("24000/1001")).toBeCloseTo(41.708333, 5);
  expect(frameLengthMs("25")).toBe(40);
  expect(frameLengthMs("nonsense")).toBe(40);
});

test("a step lands in the middle of the neighbouring frame, and forward then back is where it began", () => {
  const rates = fc.constantFrom("24000/1001", "25/1", "30000/1001", "60/1");
  fc.assert(
    fc.property(rates, fc.integer({ min: 0, max: 5_000_000 }), (rate, timeMs) => {
      const length = frameLengthMs(rate);
      const here = frameAway(timeMs, 0, length);
      const next = frameAway(here, 1, length);
      expect(next - here).toBeCloseTo(length, 6);
      expect(frameAway(next, -1, length)).toBeCloseTo(here, 6);
      // A video element counts in seconds and is read in whole milliseconds: still the same frame.
      expect(Math.floor(Math.round(next) / length + 1e-6)).toBe(Math.floor(next / length));
    }),
  );
});

test("no step leads before the first frame", () => expect(frameAway(10, -5, 40)).toBe(0));

const spans = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 60 })).map(([s, l]): Span => [s, s + l]),
);

test("joined spans cover exactly what their parts cover, in order and apart", () => {
  fc.assert(
    fc.property(spans, (parts) => {
      const joined = parts.reduce<Span[]>(withSpan, []);
      const points = new Set(parts.flatMap(([s, e]) => Array.from({ length: e - s }, (_, i) => s + i)));
      expect(coveredMs(joined)).toBe(points.size);
      joined.slice(1).forEach(([start], place) => {
        expect(start).toBeGreaterThan(joined[place]?.[1] ?? 0);
      });
    }),
  );
});

const lines = [
  { start_ms: 0, end_ms: 1000, text: "a" },
  { start_ms: 900, end_ms: 2000, text: "b" },
  { start_ms: 5000, end_ms: 6000, text: "c" },
];

test.each([
  [950, "b"],
  [500, "a"],
  [2000, undefined],
  [5999, "c"],
])("at %i ms runs the line %s", (time, text) => expect(itemAt(lines, time)?.text).toBe(text));

test("in a silence the last line that was said counts", () => {
  expect(lastItemBy(lines, 3000)?.text).toBe("b");
  expect(lastItemBy([], 3000)).toBeUndefined();
});

test("a ruler has at most ten round steps", () => {
  expect(rulerTimes(50_592)).toEqual([0, 10_000, 20_000, 30_000, 40_000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (length) => {
      expect(rulerTimes(length).length).toBeLessThanOrEqual(11);
    }),
  );
});

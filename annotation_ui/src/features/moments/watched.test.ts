import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { coveredMs, gapsIn, type Span, withSpan } from "../../media/intervals";
import type { Entry } from "../../saving/changes";
import { momentsTurn } from "../../testing/data";
import { knownWatching, nextUnseen, WatchedLog, watchedPercent } from "./watched";

const parts = (part: Partial<ConstructorParameters<typeof WatchedLog>[0]> = {}) => ({
  key: "w",
  known: [],
  positionMs: 0,
  take: () => true,
  ...part,
});

function play(log: WatchedLog, fromMs: number, toMs: number, jump = 0) {
  log.note(fromMs, false, jump);
  for (let time = fromMs; time <= toMs; time += 250) log.note(time, true, jump);
  log.note(toMs, false, jump);
}

test("only what was played counts as watched, and it survives a page that was closed before it was sent", () => {
  const log = new WatchedLog(parts({ known: [[100_000, 110_000]] }));
  play(log, 0, 2000);
  play(log, 40_000, 40_500);
  const seen: Span[] = [
    [0, 2000],
    [40_000, 40_500],
    [100_000, 110_000],
  ];
  expect(log.snapshot).toEqual(seen);
  const again = new WatchedLog(parts({ known: [[100_000, 110_000]], positionMs: 110_000 }));
  expect(again.snapshot).toEqual(seen);
  expect(again.resumeMs).toBe(40_500);
  localStorage.setItem("w", "{not json");
  expect(new WatchedLog(parts()).snapshot).toEqual([]);
});

test("a short jump while it plays is no watching", () => {
  const log = new WatchedLog(parts());
  log.note(0, true, 0);
  log.note(500, true, 0);
  log.note(1500, true, 1); // one second forward
  log.note(2000, true, 1);
  log.note(2000, false, 1);
  expect(log.snapshot).toEqual([
    [0, 500],
    [1500, 2000],
  ]);
});

test("what was seen is handed over once, and waits as long as nobody takes it", () => {
  const take = vi.fn(() => false);
  const log = new WatchedLog(parts({ take }));
  log.flush();
  expect(take).not.toHaveBeenCalled();
  play(log, 0, 2000);
  log.flush();
  expect(localStorage.getItem("w")).toContain("[0,2000]");
  take.mockReturnValue(true);
  play(log, 2000, 3000);
  log.flush();
  expect(take).toHaveBeenLastCalledWith({ spans: [[0, 3000]], positionMs: 3000 });
  expect(localStorage.getItem("w")).toBeNull();
  take.mockClear();
  log.flush();
  expect(take).not.toHaveBeenCalled();
  expect(log.snapshot).toEqual([[0, 3000]]);
});

test("handing over tells of the last part of a second too", () => {
  const log = new WatchedLog(parts());
  log.note(0, true);
  log.note(400, true); // the pause comes a moment later
  log.flush();
  expect(log.snapshot).toEqual([[0, 400]]);
});

test("what is known is what the server has and what is on its way", () => {
  const turn = { ...momentsTurn, watched: { spans: [[0, 1000]], position_ms: 1000, smallest_gap_ms: 1000 } };
  const change = { type: "watched", spans: [[1000, 4000]], positionMs: 4000 } as const;
  const entry: Entry = { id: "e", assignment: turn.id, item: "x", madeAt: 0, change };
  expect(knownWatching(turn, [entry])).toEqual({ spans: [[0, 4000]], positionMs: 4000 });
  expect(knownWatching({ ...turn, watched: null as never }, [])).toEqual({ spans: [], positionMs: 0 });
});

test("percent are whole, and a hundred only when no part is missing", () => {
  expect(watchedPercent([], 60_000, 1000)).toBe(0);
  expect(watchedPercent([[0, 58_999]], 60_000, 1000)).toBe(98);
  expect(watchedPercent([[500, 59_500]], 60_000, 1000)).toBe(100);
});

test("the next unseen part is the next one after here, then from the start", () => {
  const gaps: Span[] = [
    [5000, 9000],
    [20_000, 30_000],
  ];
  expect(nextUnseen(gaps, 0)).toBe(5000);
  expect(nextUnseen(gaps, 5000)).toBe(20_000);
  expect(nextUnseen(gaps, 4990)).toBe(20_000);
  expect(nextUnseen(gaps, 25_000)).toBe(5000);
  expect(nextUnseen([], 0)).toBeUndefined();
});

test("spans and their gaps are all of the video", () => {
  const span = fc.tuple(fc.nat(99), fc.nat(99)).map(([a, b]): Span => [Math.min(a, b), Math.max(a, b)]);
  fc.assert(
    fc.property(fc.array(span, { maxLength: 8 }), (some) => {
      const union = some.reduce<Span[]>(withSpan, []);
      expect(coveredMs(union) + coveredMs(gapsIn(union, 100, 1))).toBe(100);
    }),
  );
});

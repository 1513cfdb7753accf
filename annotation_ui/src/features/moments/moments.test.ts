import fc from "fast-check";
import { expect, test } from "vitest";
import type { Entry } from "../../saving/changes";
import { moment } from "../../testing/data";
import { afterStep, type History, NO_HISTORY, redo, undo } from "./history";
import { standingMarks } from "./moments";

const entry = (id: string, change: Entry["change"]): Entry => ({ id, assignment: 1, item: "x", madeAt: 0, change });

test("what stands is what the server has and what is on its way, by time, without what was removed", () => {
  const saved = [moment("b", 2000), moment("a", 1000), moment("gone", 500, true)];
  const unsent = [
    entry("c", { type: "record", timeMs: 1500, rate: 1 }),
    entry("1", { type: "remove", momentId: "a" }),
    entry("2", { type: "restore", momentId: "gone" }),
  ];
  expect(standingMarks(saved, unsent).map((mark) => mark.id)).toEqual(["gone", "c", "b"]);
});

test("a moment that the server has already is not shown twice", () => {
  expect(standingMarks([moment("a", 1000)], [entry("a", { type: "record", timeMs: 1000, rate: 1 })])).toHaveLength(1);
});

const mark = { id: "a", timeMs: 1 };

test("undoing a recording removes, undoing a removal restores, redoing does it again", () => {
  const recorded = afterStep(NO_HISTORY, { did: "record", mark });
  const back = undo(recorded);
  expect(back?.effect).toEqual({ type: "remove", mark });
  expect(redo(back?.history as History)?.effect).toEqual({ type: "restore", mark });
  expect(undo(afterStep(NO_HISTORY, { did: "remove", mark }))?.effect.type).toBe("restore");
  expect(undo(NO_HISTORY)).toBeNull();
  expect(redo(recorded)).toBeNull();
});

test("undo and redo are opposites, and a new step ends what could be redone", () => {
  const steps = fc.array(fc.constantFrom("record" as const, "remove" as const), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(steps, fc.nat(7), (kinds, times) => {
      const start = kinds.reduce((history, did) => afterStep(history, { did, mark }), NO_HISTORY);
      let now: History = start;
      const walks = Math.min(times, kinds.length);
      for (let walk = 0; walk < walks; walk++) now = undo(now)?.history ?? now;
      for (let walk = 0; walk < walks; walk++) now = redo(now)?.history ?? now;
      expect(now).toEqual(start);
      const undone = undo(start)?.history ?? start;
      expect(redo(afterStep(undone, { did: "record", mark }))).toBeNull();
    }),
  );
});

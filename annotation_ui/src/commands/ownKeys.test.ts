import fc from "fast-check";
import { expect, test } from "vitest";
import { belongsToBrowser, clashes, withKey, withOwnKeys } from "./ownKeys";

const page = [
  { id: "play", keys: ["space"] },
  { id: "loop", keys: ["l"] },
  { id: "digit", keys: ["1", "2", "3"] },
];
const other = [
  { id: "play", keys: ["space"] },
  { id: "mark", keys: ["m"] },
];
const tables = [page, other];
const keysOf = (table: typeof page, own: Record<string, string[]>, id: string) =>
  withOwnKeys(table, own).find((command) => command.id === id)?.keys;

test("one's own keys replace those a command came with, in every table that has it", () => {
  const own = { play: ["k"] };
  expect(keysOf(page, own, "play")).toEqual(["k"]);
  expect(keysOf(other, own, "play")).toEqual(["k"]);
  expect(keysOf(page, own, "loop")).toEqual(["l"]);
});

test("a choice that no longer fits the command is passed over, and a choice beats a key that another came with", () => {
  expect(keysOf(page, { digit: ["7"] }, "digit")).toEqual(["1", "2", "3"]);
  expect(keysOf(page, { play: ["2"] }, "digit")).toEqual(["1", "", "3"]);
});

test("a key clashes on pages where both commands stand, and only there", () => {
  expect(clashes(tables, {}, { id: "play", place: 0 }, "l")).toEqual([{ id: "loop", place: 0 }]);
  expect(clashes(tables, {}, { id: "play", place: 0 }, "m")).toEqual([{ id: "mark", place: 0 }]);
  expect(clashes(tables, {}, { id: "mark", place: 0 }, "l")).toEqual([]);
  expect(clashes(tables, {}, { id: "digit", place: 0 }, "2")).toEqual([{ id: "digit", place: 1 }]);
  expect(clashes(tables, {}, { id: "loop", place: 0 }, "l")).toEqual([]);
});

test("what is as it came is not kept", () => {
  const changed = withKey(tables, {}, [[{ id: "digit", place: 1 }, "q"]]);
  expect(changed).toEqual({ digit: ["1", "q", "3"] });
  expect(withKey(tables, changed, [[{ id: "digit", place: 1 }, "2"]])).toEqual({});
});

test.each(["ctrl+t", "tab", "shift+tab", "f5", "escape", "dead"])("%s is no key of a command", (key) =>
  expect(belongsToBrowser(key)).toBe(true),
);
test.each(["f", "shift+f", "arrowleft", "?"])("%s may be one", (key) => expect(belongsToBrowser(key)).toBe(false));

test("however keys are swapped, no two commands of a page share one and none is lost", () => {
  const slots = page.flatMap(({ id, keys }) => keys.map((_, place) => ({ id, place })));
  const start = page.flatMap(({ keys }) => keys).sort();
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(slots.length - 1), fc.nat(slots.length - 1))), (swaps) => {
      let own: Record<string, string[]> = {};
      const keyAt = (id: string, place: number) => keysOf(page, own, id)?.[place] ?? "";
      for (const [a, b] of swaps) {
        const [first, second] = [slots[a], slots[b]];
        if (!first || !second) continue;
        const key = keyAt(second.id, second.place);
        const old = keyAt(first.id, first.place);
        const by = clashes([page], own, first, key);
        own = withKey([page], own, [[first, key], ...by.map((slot): [typeof slot, string] => [slot, old])]);
      }
      const now = withOwnKeys(page, own).flatMap(({ keys }) => keys);
      expect([...now].sort()).toEqual(start);
    }),
  );
});

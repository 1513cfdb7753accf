import fc from "fast-check";
import { expect, test } from "vitest";
import { type Scene, threadMarks, withEdit } from "./stories";

const scenes: Scene[] = [
  { first: 0, last: 2 },
  { first: 3, last: 5 },
];
const parts = (some: readonly Scene[]) => some.map(({ first, last }) => [first, last]);

test("a join makes two scenes one, a split makes two of one, and each takes the other back", () => {
  expect(parts(withEdit(scenes, "join", 3))).toEqual([[0, 5]]);
  expect(parts(withEdit(withEdit(scenes, "join", 3), "split", 3))).toEqual(parts(scenes));
  expect(parts(withEdit(scenes, "split", 4))).toEqual([[0, 2], [3, 3], [4, 5]]); // biome-ignore format: one row
  expect(parts(withEdit(withEdit(scenes, "split", 4), "join", 4))).toEqual(parts(scenes));
});

test("what is so already stays, and the first shot always begins a scene", () => {
  expect(parts(withEdit(scenes, "join", 4))).toEqual(parts(scenes));
  expect(parts(withEdit(scenes, "split", 3))).toEqual(parts(scenes));
  expect(parts(withEdit(scenes, "join", 0))).toEqual(parts(scenes));
  expect(parts(withEdit(scenes, "split", 9))).toEqual(parts(scenes));
});

test("whatever is edited, scenes tile the shots", () => {
  const edit = fc.tuple(fc.constantFrom("join" as const, "split" as const), fc.integer({ min: 0, max: 7 }));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 20 }), (edits) => {
      const after = edits.reduce<Scene[]>((some, [kind, place]) => withEdit(some, kind, place), scenes);
      const places = after.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
      expect(places).toEqual([0, 1, 2, 3, 4, 5]);
    }),
  );
});

test("views that come again in a scene have letters, by first appearance; others have none", () => {
  const shots = [0, 1, 2, 3, 4, 5].map((index) => ({ index }));
  const marks = threadMarks([{ first: 0, last: 4 }, { first: 5, last: 5 }], shots, [[0, 2], [1, 4], [3], [5]]); // biome-ignore format: one row
  expect([...marks].map(([shot, { letter }]) => `${shot}${letter}`)).toEqual(["0A", "1B", "2A", "4B"]);
  expect(
    threadMarks(
      [
        { first: 0, last: 0 },
        { first: 1, last: 5 },
      ],
      shots,
      [[0, 2]],
    ).size,
  ).toBe(0);
});

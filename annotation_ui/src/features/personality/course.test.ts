import { expect, test } from "vitest";
import { nextOpen, openOf, shifted } from "./course";
import { outline, pointOn, shareOf } from "./radar";

const keys = ["a", "b", "c"];
const rated = (...names: string[]) => new Map(names.map((name) => [name, 0]));

test("what cannot be told is answered", () => expect(openOf(keys, rated("a"))).toBe(2));

test("the next open one comes after this one, then from the beginning", () => {
  expect(nextOpen(keys, rated(), 0)).toBe(1);
  expect(nextOpen(keys, rated("b"), 0)).toBe(2);
  expect(nextOpen(keys, rated("b", "c"), 1)).toBe(0);
  expect(nextOpen(keys, rated("a", "b", "c"), 1)).toBe(-1);
});

test("arrows step from the answer, or from the middle, and stop at the ends", () => {
  expect([shifted(undefined, 1), shifted(undefined, -1), shifted(0, 1)]).toEqual([4, 2, 4]);
  expect([shifted(4, 1), shifted(5, 1), shifted(1, -1)]).toEqual([5, 5, 1]);
});

test("the first axis points up, the others follow clockwise", () => {
  const points = [0, 1, 2, 3].map((axis) => pointOn(axis, 4, 1, 10).map(Math.round));
  expect(points.map(([x = 0, y = 0]) => [x + 0, y + 0])).toEqual([
    [0, -10],
    [10, 0],
    [0, 10],
    [-10, 0],
  ]);
});

test("1 stands in the middle, 5 at the rim", () => {
  expect([shareOf(1, 1, 5), shareOf(3, 1, 5), shareOf(5, 1, 5), shareOf(9, 1, 5)]).toEqual([0, 0.5, 1, 1]);
});

test("an outline is closed, and open where a number is missing", () => {
  expect(
    outline([
      [0, 1],
      [2, 3],
      [4, 5],
    ]),
  ).toBe("M0.0 1.0L2.0 3.0L4.0 5.0Z");
  expect(outline([[0, 1], null, [4, 5]])).toBe("M4.0 5.0L0.0 1.0");
  expect(outline([null, null])).toBe("");
});

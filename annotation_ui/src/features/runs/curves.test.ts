import { describe, expect, it } from "vitest";
import { bordersOf, linesOf, niceTicks, pathOf, shareOfRow } from "./curves";

const curves = [
  { seed: 7, stage: 1, epochs: [1, 2], measures: { train_loss: [2, 1.5], validation_loss: [2.1, 1.9] } },
  { seed: 7, stage: 2, epochs: [1], measures: { train_loss: [1.2], validation_loss: [1.8] } },
  { seed: 8, stage: 1, epochs: [1], measures: { train_loss: [9] } },
];

describe("learning curves", () => {
  it("puts the stages of a seed one after the other, and leaves out what was not measured", () => {
    expect(linesOf(curves, 7, ["train_loss", "validation_ua"])).toEqual([
      { measure: "train_loss", values: [2, 1.5, 1.2] },
    ]);
    expect(bordersOf(curves, 7)).toEqual([2]);
    expect(bordersOf(curves, 8)).toEqual([]);
    expect(linesOf(curves, 9, ["train_loss"])).toEqual([]);
  });

  it.each([
    [0.31, 0.58, [0.3, 0.4, 0.5, 0.6]],
    [0, 1, [0, 0.5, 1]],
    [1.2, 4.9, [1, 2, 3, 4, 5]],
    [0.5, 0.5, [0.4, 0.6]],
  ])("has round ticks around %s to %s", (low, high, ticks) => {
    const found = niceTicks(low, high);
    expect(found[0]).toBeLessThanOrEqual(low);
    expect(found.at(-1)).toBeGreaterThanOrEqual(high);
    if (low !== high) expect(found).toEqual(ticks);
  });

  it("draws one value too", () => {
    const [x, y] = [(place: number) => 10 * place, (value: number) => 100 - value];
    expect(pathOf([1, 2], x, y)).toBe("M 0.0 99.0 L 10.0 98.0");
    expect(pathOf([1], x, y)).toBe("M 0.0 99.0 h 0.1");
  });

  it("knows the share of a row, also of an empty one", () => {
    expect(shareOfRow([1, 3], 3)).toBe(0.75);
    expect(shareOfRow([0, 0], 0)).toBe(0);
  });
});

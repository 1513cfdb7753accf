import { expect, test } from "vitest";
import { barsOf } from "./peaks";

const peaks = new Uint8Array([0, 51, 255, 102, 0, 0, 204, 0]);
const shown = (window: [number, number], columns: number) =>
  [...barsOf(peaks, 100, window, columns)].map((bar) => Math.round(bar * 10) / 10);

test("a bar is as high as the loudest peak it covers", () => {
  expect(shown([0, 80], 4)).toEqual([0.2, 1, 0, 0.8]);
  expect(shown([20, 60], 2)).toEqual([1, 0]);
});

test("bars narrower than peaks repeat the peak at their place", () => {
  expect(shown([10, 30], 4)).toEqual([0.2, 0.2, 1, 1]);
});

test("outside of the episode there is silence", () => {
  expect(shown([-20, 20], 4)).toEqual([0, 0, 0, 0.2]);
  expect(shown([70, 110], 4)).toEqual([0, 0, 0, 0]);
});

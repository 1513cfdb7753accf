import { expect, test } from "vitest";
import { across, down, scaleOf, spread } from "./plot";

test("the scale begins at a round number below all percents and ends at 100", () => {
  expect(scaleOf([82.6, 94.8])).toEqual({ lowest: 80, ticks: [80, 85, 90, 95, 100] });
  expect(scaleOf([51])).toEqual({ lowest: 50, ticks: [50, 60, 70, 80, 90, 100] });
  expect(scaleOf([0])).toEqual({ lowest: 0, ticks: [0, 20, 40, 60, 80, 100] });
  expect(scaleOf([100])).toEqual({ lowest: 95, ticks: [95, 100] });
});

test("weeks stand by their date, not by their number", () => {
  expect(across("2026-11-09", "2026-11-02", "2026-11-30")).toBe(25);
  expect(across("2026-11-02", "2026-11-02", "2026-11-02")).toBe(50);
});

test("a percent stands between the lowest line and the top", () => {
  expect(down(100, 80)).toBe(0);
  expect(down(85, 80)).toBe(75);
});

test("a year of weeks has few dates on its axis, the first and the last among them", () => {
  const year = Array.from({ length: 52 }, (_, week) => week);
  expect(spread(year, 5)).toEqual([0, 13, 26, 38, 51]);
  expect(spread([1, 2], 5)).toEqual([1, 2]);
});

/** Where things stand in the plot of agreement: a box of 100 × 100 whose sides are time and percent. */

const DAY_MS = 86_400_000;
const STEPS = [5, 10, 20, 25] as const;

/** The percents that are drawn: from a round number below all of them up to 100, with at most six lines. */
export function scaleOf(percents: readonly number[]): { lowest: number; ticks: number[] } {
  const least = Math.min(100, ...percents);
  const step = STEPS.find((one) => (100 - Math.floor(least / one) * one) / one <= 5) ?? 25;
  const lowest = Math.min(100 - step, Math.floor(least / step) * step);
  const ticks = [];
  for (let tick = lowest; tick <= 100; tick += step) ticks.push(tick);
  return { lowest, ticks };
}

/** Where a Monday stands between the first and the last, 0 to 100; a week alone stands in the middle. */
export function across(monday: string, first: string, last: string): number {
  const whole = (Date.parse(last) - Date.parse(first)) / DAY_MS;
  return whole > 0 ? (100 * (Date.parse(monday) - Date.parse(first))) / DAY_MS / whole : 50;
}

/** How far from the top a percent stands, 0 to 100. */
export function down(percent: number, lowest: number): number {
  return (100 * (100 - percent)) / (100 - lowest);
}

/** At most so many of the weeks, evenly spread, the first and last among them. */
export function spread<Week>(weeks: readonly Week[], most: number): Week[] {
  if (weeks.length <= most) return [...weeks];
  const places = Array.from({ length: most }, (_, place) => Math.round((place * (weeks.length - 1)) / (most - 1)));
  return places.map((place) => weeks[place] as Week);
}

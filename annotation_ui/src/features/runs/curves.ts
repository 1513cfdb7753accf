import type { TrainingCurve } from "../../api/types";

/** What is drawn of one measure: a value per epoch, the stages of the training one after the other. */
export interface Line {
  measure: string;
  values: readonly number[];
}

/** The lines of a seed for these measures; those that it does not have are left out. */
export function linesOf(curves: readonly TrainingCurve[], seed: number, measures: readonly string[]): Line[] {
  const stages = curves.filter((one) => one.seed === seed);
  return measures
    .map((measure) => ({ measure, values: stages.flatMap((one) => one.measures[measure] ?? []) }))
    .filter(({ values }) => values.length > 0);
}

/** After how many epochs each stage but the last ends. */
export function bordersOf(curves: readonly TrainingCurve[], seed: number): number[] {
  const lengths = curves.filter((one) => one.seed === seed).map((one) => one.epochs.length);
  let sum = 0;
  return lengths.slice(0, -1).map((length) => {
    sum += length;
    return sum;
  });
}

/** Round numbers from at or below `low` to at or above `high`, about `count` of them. */
export function niceTicks(low: number, high: number, count = 4): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

/** An SVG path through the values; one value alone is a short stroke. */
export function pathOf(values: readonly number[], x: (place: number) => number, y: (value: number) => number): string {
  const points = values.map((value, place) => `${x(place).toFixed(1)} ${y(value).toFixed(1)}`);
  return points.length === 1 ? `M ${points[0]} h 0.1` : `M ${points.join(" L ")}`;
}

/** The share that a count has of its row, 0 for an empty row. */
export function shareOfRow(row: readonly number[], count: number): number {
  const sum = row.reduce((total, one) => total + one, 0);
  return sum > 0 ? count / sum : 0;
}

import type { EmotionSet } from "../../api/types";

export const NEUTRAL = "neutral";

export interface Flow {
  /** One of the 24, or neutral. */
  label: string;
  /** The class it becomes: itself if it is kept, else its primary emotion. */
  into: string;
  samples: number;
}

export interface Family {
  primary: string;
  /** By rising intensity; neutral stands alone. */
  labels: readonly { name: string; samples: number; isFixed: boolean }[];
}

/** The labels of the 24 by primary emotion, in the order of the wheel, then neutral. */
export function familiesOf(labels: EmotionSet["labels"]): Family[] {
  const primaries = [...new Set(labels.map((label) => label.primary))];
  return primaries.map((primary) => ({
    primary,
    labels: labels
      .filter((label) => label.primary === primary)
      .map(({ name, samples }) => ({ name, samples, isFixed: name === primary })),
  }));
}

/** Where the samples of every label go under a set (rule 7). */
export function flowsOf(labels: EmotionSet["labels"], kept: readonly string[]): Flow[] {
  return labels.map(({ name, primary, samples }) => ({
    label: name,
    into: kept.includes(name) ? name : primary,
    samples,
  }));
}

/** Samples by class after merging; every class is there, also with 0. */
export function classesOf(flows: readonly Flow[]): Map<string, number> {
  const classes = new Map<string, number>();
  for (const { into, samples } of flows) classes.set(into, (classes.get(into) ?? 0) + samples);
  return classes;
}

/** What has at least so many samples, out of what may be kept. */
export function withAtLeast(labels: EmotionSet["labels"], least: number): string[] {
  return labels.filter(({ name, primary, samples }) => name !== primary && samples >= least).map(({ name }) => name);
}

export function toggled(kept: readonly string[], name: string): string[] {
  return kept.includes(name) ? kept.filter((one) => one !== name) : [...kept, name];
}

export function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}

import type { Relationship } from "../api/types";

/** The relationships in the order of their keys. */
export const FIVE = ["hostile", "tense", "neutral", "mild", "intimate"] as const satisfies readonly Relationship[];

/** The three-way label that follows from each. */
export const THREE_OF: Readonly<Record<Relationship, "negative" | "neutral" | "positive">> = {
  hostile: "negative",
  tense: "negative",
  neutral: "neutral",
  mild: "positive",
  intimate: "positive",
};

/** The five by their three-way label; `place` is that of their key. */
export const GROUPS = (["negative", "neutral", "positive"] as const).map((three) => ({
  three,
  five: FIVE.map((name, place) => ({ name, place })).filter(({ name }) => THREE_OF[name] === three),
}));

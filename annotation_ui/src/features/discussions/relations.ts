/** The relationships in the order of their keys. */
export const FIVE = ["hostile", "tense", "neutral", "mild", "intimate"] as const;

export type Five = (typeof FIVE)[number];

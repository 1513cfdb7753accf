/** Where a questionnaire goes on. `ratings` holds an answer for what is answered; 0 is one: cannot be told. */
type Ratings = ReadonlyMap<string, number>;

export const LOWEST = 1;
export const HIGHEST = 5;
export const CANNOT_TELL = 0;
const MIDDLE = 3;

export function openOf(keys: readonly string[], ratings: Ratings): number {
  return keys.filter((key) => !ratings.has(key)).length;
}

/** The next open place after this one, going round; -1 where all is answered. */
export function nextOpen(keys: readonly string[], ratings: Ratings, place: number): number {
  const after = keys.findIndex((key, at) => at > place && !ratings.has(key));
  return after >= 0 ? after : keys.findIndex((key) => !ratings.has(key));
}

/** An answer one step to the left or right of the one that is there, or of the middle. */
export function shifted(value: number | undefined, step: 1 | -1): number {
  const from = value === undefined || value === CANNOT_TELL ? MIDDLE : value;
  return Math.min(HIGHEST, Math.max(LOWEST, from + step));
}

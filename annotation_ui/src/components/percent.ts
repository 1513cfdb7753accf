/** Whole percent, and 100 only when nothing is left. */
export function percentOf(done: number, total: number): number {
  return total > 0 ? Math.floor((100 * done) / total) : 0;
}

/** Half-open spans `[start_ms, end_ms)`, in order and apart from one another. */
export type Span = readonly [startMs: number, endMs: number];

/** Add a span to a set of spans; those that touch become one. */
export function withSpan(spans: readonly Span[], [start, end]: Span): Span[] {
  if (end <= start) return [...spans];
  const apart = spans.filter(([s, e]) => e < start || s > end);
  const touching = spans.filter(([s, e]) => e >= start && s <= end);
  const joined: Span = [Math.min(start, ...touching.map(([s]) => s)), Math.max(end, ...touching.map(([, e]) => e))];
  return [...apart, joined].sort(([a], [b]) => a - b);
}

export function coveredMs(spans: readonly Span[]): number {
  return spans.reduce((sum, [start, end]) => sum + end - start, 0);
}

/** What is left out of `[0, lengthMs)`, in order; less than `smallestMs` is no gap. */
export function gapsIn(spans: readonly Span[], lengthMs: number, smallestMs: number): Span[] {
  const gaps: Span[] = [];
  let last = 0;
  for (const [start, end] of [...spans, [lengthMs, lengthMs] as Span]) {
    if (start - last >= smallestMs) gaps.push([last, start]);
    last = Math.max(last, end);
  }
  return gaps;
}

interface Timed {
  start_ms: number;
  end_ms: number;
}

/** The last item that runs at a time, or undefined. Items are ordered by start and may overlap a little. */
export function itemAt<T extends Timed>(items: readonly T[], timeMs: number): T | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as T).start_ms <= timeMs) low = middle + 1;
    else high = middle;
  }
  for (let place = low - 1; place >= Math.max(0, low - 8); place--) {
    const item = items[place] as T;
    if (item.end_ms > timeMs) return item;
  }
  return undefined;
}

/** The item that runs at a time, else the last one that ended before it: what the viewer heard last. */
export function lastItemBy<T extends Timed>(items: readonly T[], timeMs: number): T | undefined {
  return itemAt(items, timeMs) ?? items.findLast((item) => item.start_ms <= timeMs);
}

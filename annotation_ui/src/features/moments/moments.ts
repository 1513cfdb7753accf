import type { Moment } from "../../api/types";
import type { Entry } from "../../saving/changes";

/** A moment as the page shows it: what the server has, and over it what is still on its way. */
export interface Mark {
  id: string;
  timeMs: number;
}

/** The moments that stand, by time. `entries` are the unsent changes of this assignment, in the order made. */
export function standingMarks(saved: readonly Moment[], entries: readonly Entry[]): Mark[] {
  const marks = new Map(saved.map((one) => [one.id, { id: one.id, timeMs: one.time_ms, removed: one.removed }]));
  for (const { id, change } of entries) {
    if (change.type === "record") {
      if (!marks.has(id)) marks.set(id, { id, timeMs: change.timeMs, removed: false });
    } else if (change.type === "remove" || change.type === "restore") {
      const mark = marks.get(change.momentId);
      if (mark) marks.set(mark.id, { ...mark, removed: change.type === "remove" });
    }
  }
  return [...marks.values()]
    .filter((mark) => !mark.removed)
    .map(({ id, timeMs }) => ({ id, timeMs }))
    .sort((a, b) => a.timeMs - b.timeMs || a.id.localeCompare(b.id));
}

import type { Mark } from "./moments";

/** What the annotator did to a moment, and can take back. */
export interface Step {
  did: "record" | "remove";
  mark: Mark;
}

export interface History {
  past: readonly Step[];
  future: readonly Step[];
}

export const NO_HISTORY: History = { past: [], future: [] };

/** What undoing or redoing a step means for its moment. */
export type Effect = { type: "remove" | "restore"; mark: Mark };

export function afterStep(history: History, step: Step): History {
  return { past: [...history.past, step], future: [] };
}

export function undo({ past, future }: History): { history: History; effect: Effect } | null {
  const step = past.at(-1);
  if (!step) return null;
  return {
    history: { past: past.slice(0, -1), future: [step, ...future] },
    effect: { type: step.did === "record" ? "remove" : "restore", mark: step.mark },
  };
}

export function redo({ past, future }: History): { history: History; effect: Effect } | null {
  const [step, ...later] = future;
  if (!step) return null;
  return {
    history: { past: [...past, step], future: later },
    effect: { type: step.did === "record" ? "restore" : "remove", mark: step.mark },
  };
}

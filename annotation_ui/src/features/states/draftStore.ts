import type { Draft } from "./draft";

function keyOf(assignment: number): string {
  return `affectory:draft:${assignment}`;
}

/** Half-made answers survive a reload. They are this computer's; what was submitted is the outbox's. */
export function keepDraft(assignment: number, { answers, current }: Draft): void {
  try {
    localStorage.setItem(keyOf(assignment), JSON.stringify({ answers, current }));
  } catch {
    // A full storage: the draft lives on in the page.
  }
}

export function keptDraft(assignment: number): Pick<Draft, "answers" | "current"> | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(assignment)) ?? "null");
    if (typeof stored !== "object" || stored === null || !("answers" in stored) || !("current" in stored))
      return undefined;
    return stored as Pick<Draft, "answers" | "current">;
  } catch {
    return undefined;
  }
}

export function forgetDraft(assignment: number): void {
  localStorage.removeItem(keyOf(assignment));
}

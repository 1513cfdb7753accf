import type { Draft, KeptDraft } from "./draft";

function keyOf(assignment: number): string {
  return `affectory:draft:${assignment}`;
}

/** Half-made answers survive a reload. They are this computer's; what was submitted is the outbox's. */
export function keepDraft(assignment: number, { answers, current, suggested }: Draft): void {
  try {
    localStorage.setItem(keyOf(assignment), JSON.stringify({ answers, current, suggested } satisfies KeptDraft));
  } catch {
    // A full storage: the draft lives on in the page.
  }
}

export function keptDraft(assignment: number): KeptDraft | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(assignment)) ?? "null");
    if (typeof stored !== "object" || stored === null || !("answers" in stored) || !("current" in stored))
      return undefined;
    const kept = stored as Omit<KeptDraft, "suggested"> & Partial<KeptDraft>;
    return { ...kept, suggested: kept.suggested ?? [] }; // a draft of an earlier version has none
  } catch {
    return undefined;
  }
}

export function forgetDraft(assignment: number): void {
  localStorage.removeItem(keyOf(assignment));
}

import { UNANSWERED } from "./answer";
import type { Draft, KeptDraft } from "./draft";

function keyOf(assignment: number): string {
  return `affectory:draft:${assignment}`;
}

/** Half-made answers survive a reload. They are this computer's; what was submitted is the outbox's. */
export function keepDraft(assignment: number, draft: Draft): void {
  const { answers, current, suggested, contextWatchedMs } = draft;
  const kept: KeptDraft = { answers, current, suggested, contextWatchedMs };
  try {
    localStorage.setItem(keyOf(assignment), JSON.stringify(kept));
  } catch {
    // A full storage: the draft lives on in the page.
  }
}

export function keptDraft(assignment: number): KeptDraft | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(assignment)) ?? "null");
    if (typeof stored !== "object" || stored === null || !("answers" in stored) || !("current" in stored))
      return undefined;
    const kept = stored as Pick<KeptDraft, "answers" | "current"> & Partial<KeptDraft>;
    // A draft of an earlier version has not all of it.
    const answers = Object.entries(kept.answers).map(([id, answer]) => [id, { ...UNANSWERED, ...answer }]);
    return { suggested: [], contextWatchedMs: 0, ...kept, answers: Object.fromEntries(answers) };
  } catch {
    return undefined;
  }
}

export function forgetDraft(assignment: number): void {
  localStorage.removeItem(keyOf(assignment));
}

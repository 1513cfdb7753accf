import type { DiscardReason, Relationship } from "../../api/types";

/** What is chosen or written and not sent yet. It survives a reload, on this computer. */
export interface Draft {
  /** Up to two identities. */
  pair: readonly number[];
  relationship: Relationship | "";
  unsure: boolean;
  comment: string;
  /** A line whose text is being written. */
  typed: { name: string; text: string } | null;
  discard: { reason: DiscardReason | ""; words: string };
  /** What is written about faces. */
  remark: string;
}

const keyOf = (assignment: number) => `affectory:relate:${assignment}`;

export function keepDraft(assignment: number, draft: Draft): void {
  try {
    localStorage.setItem(keyOf(assignment), JSON.stringify(draft));
  } catch {
    // A full storage: the draft lives on in the page.
  }
}

export function keptDraft(assignment: number): Partial<Draft> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(assignment)) ?? "null");
    return typeof stored === "object" && stored !== null ? (stored as Partial<Draft>) : {};
  } catch {
    return {};
  }
}

export function forgetDraft(assignment: number): void {
  localStorage.removeItem(keyOf(assignment));
}

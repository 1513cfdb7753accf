import { useState } from "react";

const keyOf = (assignment: number) => `affectory:in:${assignment}`;

function kept(assignment: number): number | undefined {
  const stored = localStorage.getItem(keyOf(assignment));
  const time = stored === null ? Number.NaN : Number(stored);
  return Number.isFinite(time) ? time : undefined;
}

/** Where the interaction begins whose end is still looked for. It survives a reload. */
export function useInMark(assignment: number): [number | undefined, (timeMs: number | undefined) => void] {
  const [timeMs, setTimeMs] = useState(() => kept(assignment));
  function put(next: number | undefined) {
    setTimeMs(next);
    try {
      if (next === undefined) localStorage.removeItem(keyOf(assignment));
      else localStorage.setItem(keyOf(assignment), String(next));
    } catch {
      // A full storage: it lives on in the page.
    }
  }
  return [timeMs, put];
}

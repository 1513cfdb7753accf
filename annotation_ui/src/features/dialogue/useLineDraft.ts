import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { DialogueLine } from "../../api/types";
import { type Said, saidOf, sameSaid } from "./lines";

/** So long after the last change a line's correction is on its way; leaving the line does not wait. */
const QUIET_MS = 900;

interface Draft {
  key: string;
  /** The line as it was when the draft was begun. */
  line: DialogueLine;
  said: Said;
}

/**
 * What is being written and dragged on the selected line. It is handed over when the person pauses, goes on to another
 * line, leaves the page or closes the window: one correction, not one for every letter.
 */
export function useLineDraft(line: DialogueLine | undefined, hand: (line: DialogueLine, said: Said) => void) {
  const [draft, setDraft] = useState<Draft>();
  const latest = useRef({ draft, hand });
  useLayoutEffect(() => {
    latest.current = { draft, hand };
  });

  function flush() {
    const { draft: now, hand: take } = latest.current;
    if (!now) return;
    latest.current = { ...latest.current, draft: undefined };
    setDraft(undefined);
    if (!sameSaid(now.said, now.line)) take(now.line, now.said);
  }

  const flushNow = useRef(flush);
  useLayoutEffect(() => {
    flushNow.current = flush;
  });

  useEffect(() => {
    if (!draft) return;
    const timer = setTimeout(() => flushNow.current(), QUIET_MS);
    return () => clearTimeout(timer);
  }, [draft]);

  useEffect(() => {
    const leave = () => flushNow.current();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, []);

  function change(part: Partial<Said>) {
    if (!line) return;
    const known = latest.current.draft?.key === line.key ? latest.current.draft : undefined;
    if (!known) flush();
    const next = { key: line.key, line: known?.line ?? line, said: { ...(known?.said ?? saidOf(line)), ...part } };
    latest.current = { ...latest.current, draft: next };
    setDraft(next);
  }

  /** Forget what is being written: somebody hands it over with more. */
  function drop() {
    latest.current = { ...latest.current, draft: undefined };
    setDraft(undefined);
  }

  const said = line && (draft?.key === line.key ? draft.said : saidOf(line));
  /** What stands on the selected line this moment, also between two renders. */
  const now = () => (line && latest.current.draft?.key === line.key ? latest.current.draft.said : line && saidOf(line));
  return { said, now, change, flush, drop };
}

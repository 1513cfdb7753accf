import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ClipLine, RemarkRequest, StepRequest } from "../../api/types";
import type { Change } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { finishTurn } from "../../turn/useTurn";
import { type Draft, forgetDraft, keepDraft, keptDraft } from "./draftStore";
import { type Batch, inverse, withBatch } from "./lines";
import type { Loaded } from "./queries";
import { after, type Now, startOf } from "./steps";

interface Desk {
  lines: readonly ClipLine[];
  now: Now;
  remarks: readonly Pick<RemarkRequest, "kind" | "identity">[];
  undo: readonly Batch[];
  redo: readonly Batch[];
}

/** What has happened since a turn was loaded: sent meanwhile, or still waiting here. */
function startDesk({ turn }: Loaded, changes: readonly Change[]): Desk {
  const lines = changes.reduce(
    (all, change) => (change.type === "lines" ? withBatch(all, change.lines) : all),
    turn.lines as readonly ClipLine[],
  );
  const steps = changes.flatMap((change) => (change.type === "step" ? [change.step] : []));
  const remarks = changes.flatMap((change) => (change.type === "remark" ? [change.remark] : []));
  return { lines, now: startOf(turn.standing, steps), remarks: [...turn.remarks, ...remarks], undo: [], redo: [] };
}

function startDraft({ turn }: Loaded, now: Now): Draft {
  const { outcome } = turn.standing;
  return {
    pair: now.pair,
    relationship: now.relationship,
    unsure: outcome?.unsure ?? false,
    comment: outcome?.comment ?? "",
    typed: null,
    discard: { reason: outcome?.discarded ?? "", words: outcome?.words ?? "" },
    remark: "",
    ...keptDraft(turn.id),
  };
}

/** A clip on the desk: its lines, its steps, what is not said yet, and the end of the turn once all is with the server. */
export function useRelating(loaded: Loaded, onFinished: () => void) {
  const { turn } = loaded;
  const item = `clip:${turn.clip.id}`;
  const outbox = useOutbox();
  const { entries, accepted, lost } = useOutboxState();
  const unsent = useMemo(() => entries.filter((entry) => entry.item === item), [entries, item]);
  const [desk, setDesk] = useState(() => {
    const sent = accepted.slice(loaded.since).filter(({ assignment }) => assignment === turn.id);
    const heard = sent.flatMap(({ saved }) => ("type" in saved ? [saved] : []));
    return startDesk(loaded, [...heard, ...unsent.map(({ change }) => change)]);
  });
  const [draft, setDraft] = useState(() => startDraft(loaded, desk.now));
  const [finishing, setFinishing] = useState(false);
  const stepAt = useRef(performance.now());
  // What happens between two renders (a key right after another) must see what the first one did.
  const latest = useRef({ desk, draft });

  function put(next: Partial<Desk>): void {
    latest.current.desk = { ...latest.current.desk, ...next };
    setDesk(latest.current.desk);
  }
  function write(part: Partial<Draft>): void {
    latest.current.draft = { ...latest.current.draft, ...part };
    keepDraft(turn.id, latest.current.draft);
    setDraft(latest.current.draft);
  }
  const send = (change: Change) => outbox.add({ assignment: turn.id, item }, change);
  const reads = { desk: () => latest.current.desk, draft: () => latest.current.draft };

  const finish = useMutation({
    mutationFn: () => finishTurn(turn.id),
    onSuccess: () => {
      forgetDraft(turn.id);
      onFinished();
    },
    onError: () => setFinishing(false),
  });
  const refused = unsent.some((entry) => entry.refusal !== undefined);
  const isLost = lost.has(turn.id);
  const mayEnd = finishing && unsent.length === 0 && finish.isIdle;
  const { mutate } = finish;
  useEffect(() => {
    if (mayEnd) mutate();
  }, [mayEnd, mutate]);
  useEffect(() => {
    if (refused || isLost) setFinishing(false);
  }, [refused, isLost]);

  /** Change lines; what a change takes away can be brought back. */
  function revise(batch: Batch | undefined): void {
    if (!batch || finishing) return;
    const { lines, undo } = reads.desk();
    put({ lines: withBatch(lines, batch), undo: [...undo, inverse(lines, batch)], redo: [] });
    send({ type: "lines", lines: batch });
  }

  function turnBack(from: "undo" | "redo", to: "undo" | "redo"): void {
    const now = reads.desk();
    const batch = now[from].at(-1);
    if (!batch || finishing) return;
    put({
      lines: withBatch(now.lines, batch),
      [from]: now[from].slice(0, -1),
      [to]: [...now[to], inverse(now.lines, batch)],
    });
    send({ type: "lines", lines: batch });
  }

  function take(step: StepRequest): void {
    if (finishing) return;
    const duration_ms = Math.round(performance.now() - stepAt.current);
    stepAt.current = performance.now();
    const said = { ...step, duration_ms };
    put({ now: after(reads.desk().now, said), undo: [], redo: [] });
    send({ type: "step", step: said });
  }

  /** End the turn as soon as everything is with the server. */
  function end(): void {
    finish.reset();
    setFinishing(true);
  }

  return {
    ...desk,
    draft,
    write,
    reads,
    revise,
    undoLines: () => turnBack("undo", "redo"),
    redoLines: () => turnBack("redo", "undo"),
    take,
    end,
    remark: (remark: RemarkRequest) => {
      put({ remarks: [...reads.desk().remarks, remark] });
      send({ type: "remark", remark });
    },
    unsent,
    finishing,
    error: finish.error,
  };
}

export type RelatingDesk = ReturnType<typeof useRelating>;

import { useMemo, useState } from "react";
import type { AssignmentDetail } from "../../api/types";
import { itemOf } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { afterStep, type Effect, NO_HISTORY, redo, undo } from "./history";
import { type Mark, standingMarks } from "./moments";

/** What the annotator was told last. */
export interface News {
  type: "recorded" | "removed" | "restored";
  timeMs: number;
}

/** The moments of a turn and what can be done to them. Every change goes to the outbox at once. */
export function useMarks(turn: AssignmentDetail) {
  const outbox = useOutbox();
  const { entries } = useOutboxState();
  const [history, setHistory] = useState(NO_HISTORY);
  const [selectedId, setSelectedId] = useState<string>();
  const [news, setNews] = useState<News>();

  const unsent = useMemo(() => entries.filter((entry) => entry.assignment === turn.id), [entries, turn.id]);
  const marks = useMemo(() => standingMarks(turn.moments, unsent), [turn.moments, unsent]);
  const address = { assignment: turn.id, item: itemOf(turn) };

  function record(timeMs: number, rate: number) {
    const id = outbox.add(address, { type: "record", timeMs, rate });
    setHistory((old) => afterStep(old, { did: "record", mark: { id, timeMs } }));
    setSelectedId(id);
    setNews({ type: "recorded", timeMs });
  }

  function remove(mark: Mark) {
    outbox.add(address, { type: "remove", momentId: mark.id });
    setHistory((old) => afterStep(old, { did: "remove", mark }));
    selectNeighbour(mark);
    setNews({ type: "removed", timeMs: mark.timeMs });
  }

  function selectNeighbour(mark: Mark) {
    const place = marks.findIndex((one) => one.id === mark.id);
    setSelectedId((marks[place + 1] ?? marks[place - 1])?.id);
  }

  function apply(effect: Effect) {
    outbox.add(address, { type: effect.type, momentId: effect.mark.id });
    if (effect.type === "restore") setSelectedId(effect.mark.id);
    else selectNeighbour(effect.mark);
    setNews({ type: effect.type === "remove" ? "removed" : "restored", timeMs: effect.mark.timeMs });
  }

  function walk(step: typeof undo) {
    const walked = step(history);
    if (!walked) return;
    setHistory(walked.history);
    apply(walked.effect);
  }

  return {
    marks,
    unsent,
    news,
    selected: marks.find((mark) => mark.id === selectedId),
    select: (mark: Mark) => setSelectedId(mark.id),
    record,
    remove,
    undo: () => walk(undo),
    redo: () => walk(redo),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
  };
}

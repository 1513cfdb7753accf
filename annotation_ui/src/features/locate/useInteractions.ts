import { useEffect, useMemo, useRef, useState } from "react";
import type { AssignmentDetail, Interaction, Locating } from "../../api/types";
import { itemOf } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { newId } from "../../saving/uuid";
import { currentMarks, type Mark, type Offer, openOffers, type Step, standing, takenBack } from "./interactions";

/** What the annotator was told last. */
export interface News {
  type: "marked" | "changed" | "removed" | "restored" | "accepted" | "refused";
  timeMs: number;
}

/** Edges that are nudged are sent when they rest: a key that is held down is one change. */
const REST_MS = 400;

function withAccepted(saved: readonly Interaction[], news: readonly Interaction[]): Interaction[] {
  const all = new Map([...saved, ...news].map((one) => [one.id, one]));
  return [...all.values()];
}

/** The interactions of a turn and what can be done to them. Every change goes to the outbox. */
export function useInteractions(turn: AssignmentDetail, page: Locating, since: number) {
  const outbox = useOutbox();
  const { entries, accepted } = useOutboxState();
  const [past, setPast] = useState<readonly Step[]>([]);
  const [future, setFuture] = useState<readonly Step[]>([]);
  const [selectedId, setSelectedId] = useState<string>();
  const [news, setNews] = useState<News>();
  const [moving, setMoving] = useState<Step>();

  const unsent = useMemo(() => entries.filter((entry) => entry.assignment === turn.id), [entries, turn.id]);
  const known = useMemo(() => {
    const later = accepted.slice(since).filter((one) => one.assignment === turn.id);
    const said = later.flatMap(({ saved }) => ("interaction" in saved ? [saved.interaction] : []));
    return currentMarks(withAccepted(page.interactions, said), unsent);
  }, [page.interactions, accepted, since, turn.id, unsent]);
  const all = useMemo(() => (moving ? new Map(known).set(moving.after.id, moving.after) : known), [known, moving]);
  const marks = useMemo(() => standing(all.values()), [all]);
  const offers = useMemo(() => openOffers(page.suggestions, all.values()), [page.suggestions, all]);

  function tell(mark: Mark) {
    const { id: interaction, startMs: start_ms, endMs: end_ms, removed, suggestion } = mark;
    const said = { interaction, start_ms, end_ms, removed, suggestion };
    outbox.add({ assignment: turn.id, item: itemOf(turn) }, { type: "interaction", mark: said });
  }

  /** Send what was nudged. Called when it rests, before anything else is done, and when the page goes. */
  function settle() {
    if (!moving) return;
    tell(moving.after);
    setPast((old) => [...old, moving]);
    setFuture([]);
    setMoving(undefined);
  }
  const latest = useRef(settle);
  useEffect(() => {
    latest.current = settle;
  });
  useEffect(() => {
    if (!moving) return;
    const timer = setTimeout(() => latest.current(), REST_MS);
    return () => clearTimeout(timer);
  }, [moving]);
  useEffect(() => {
    const onHide = () => latest.current();
    window.addEventListener("pagehide", onHide);
    return () => {
      window.removeEventListener("pagehide", onHide);
      onHide();
    };
  }, []);

  function did(step: Step, type: News["type"]) {
    settle();
    tell(step.after);
    setPast((old) => [...old, step]);
    setFuture([]);
    setNews({ type, timeMs: step.after.startMs });
    if (!step.after.removed) setSelectedId(step.after.id);
  }

  function mark(startMs: number, endMs: number) {
    did({ before: null, after: { id: newId(), startMs, endMs, removed: false, suggestion: "" } }, "marked");
  }

  function answer({ key, start_ms: startMs, end_ms: endMs }: Offer, isTaken: boolean) {
    const after = { id: newId(), startMs, endMs, removed: !isTaken, suggestion: key };
    did({ before: null, after }, isTaken ? "accepted" : "refused");
  }

  function remove(gone: Mark) {
    const place = marks.findIndex((one) => one.id === gone.id);
    did({ before: gone, after: { ...gone, removed: true } }, "removed");
    setSelectedId((marks[place + 1] ?? marks[place - 1])?.id);
  }

  /** Move edges; false where the interaction would end before it starts. */
  function move(old: Mark, edges: { startMs?: number; endMs?: number }): boolean {
    const after = { ...old, ...edges };
    if (after.startMs < 0 || after.endMs > turn.episode.duration_ms || after.startMs >= after.endMs) return false;
    if (moving && moving.after.id !== old.id) settle();
    const before = moving?.after.id === old.id ? moving.before : old;
    setMoving({ before, after });
    setNews({ type: "changed", timeMs: after.startMs });
    return true;
  }

  function walk(step: Step, said: Mark) {
    tell(said);
    setNews({ type: said.removed ? "removed" : step.after.removed ? "restored" : "changed", timeMs: said.startMs });
    setSelectedId(said.removed ? undefined : said.id);
  }

  function undo() {
    const step = moving ?? past.at(-1);
    if (!step) return;
    if (moving) setMoving(undefined);
    else {
      setPast(past.slice(0, -1));
      walk(step, takenBack(step));
    }
    setFuture([step, ...future]);
  }

  function redo() {
    const [step, ...later] = future;
    if (!step) return;
    settle();
    setFuture(later);
    setPast([...past, step]);
    walk(step, step.after);
  }

  return {
    marks,
    offers,
    unsent,
    news,
    selected: marks.find((one) => one.id === selectedId),
    select: (one: Mark | undefined) => setSelectedId(one?.id),
    mark,
    answer,
    remove,
    move,
    settle,
    undo,
    redo,
    canUndo: past.length > 0 || moving !== undefined,
    canRedo: future.length > 0,
    isMoving: moving !== undefined,
  };
}

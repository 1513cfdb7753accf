import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useReducer, useRef, useState } from "react";
import type { AssignmentDetail, Primary, Vocabulary } from "../../api/types";
import { itemOf } from "../../saving/changes";
import { useOutbox, useOutboxState } from "../../saving/SavingProvider";
import { finishTurn } from "../../turn/useTurn";
import { asSent, nextStep, type Place } from "./answer";
import { answerOf, mayChooseEmotion, maySeeSuggestions, nextOpen, progressOf, reduce, startDraft } from "./draft";
import { forgetDraft, keepDraft, keptDraft } from "./draftStore";

/** Why a key did nothing: shown in words below the answer. */
export type Hint = "reasonFirst" | "oneFirst" | "emotionFirst";

/** The draft of a clip, its submission, and the end of the turn once everything is with the server. */
export function useAnswers(turn: AssignmentDetail, vocabulary: Vocabulary, onFinished: () => void) {
  const outbox = useOutbox();
  const { entries, lost } = useOutboxState();
  const unsent = useMemo(() => entries.filter((entry) => entry.assignment === turn.id), [entries, turn.id]);
  const [draft, dispatch] = useReducer(reduce, undefined, () => startDraft(turn, unsent, keptDraft(turn.id)));
  const [hint, setHint] = useState<Hint>();
  const [finishing, setFinishing] = useState(false);
  const openedAt = useRef(performance.now());
  const answer = answerOf(draft);
  const step = nextStep(answer);
  const offered = useMemo(
    () => turn.suggestions.filter((one) => one.character === draft.current),
    [turn.suggestions, draft.current],
  );
  const suggestions = draft.suggested.includes(draft.current) ? offered : [];

  useEffect(() => keepDraft(turn.id, draft), [turn.id, draft]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock starts anew with every character
  useEffect(() => {
    openedAt.current = performance.now();
    setHint(undefined);
  }, [draft.current]);

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

  function edit(action: Parameters<typeof dispatch>[0], wrong?: Hint) {
    if (finishing) return;
    setHint(wrong);
    if (!wrong) dispatch(action);
  }

  function beforeEmotion(): Hint | undefined {
    if (answer.status !== "one") return "oneFirst";
    return mayChooseEmotion(answer) ? undefined : "reasonFirst";
  }

  function beforeEvidence(): Hint | undefined {
    if (answer.status !== "one") return "oneFirst";
    return answer.reasons.length > 0 ? undefined : "reasonFirst";
  }

  function setFine(primary: Primary, fineGrained: string) {
    edit({ type: "fine", primary, fineGrained }, beforeEmotion());
  }

  function digit(number: number) {
    const chosen = vocabulary.primaries.find((one) => one.name === answer.primary);
    if (!chosen || beforeEmotion()) {
      const primary = vocabulary.primaries[number - 1];
      if (primary) edit({ type: "primary", primary: primary.name as Primary }, beforeEmotion());
      return;
    }
    const fine = chosen.fine_grained[number - 1];
    if (fine) setFine(chosen.name as Primary, fine);
  }

  /** Submit the current answer if it is new, go on to the next open character, and end the clip after the last. */
  function submit() {
    const body = asSent(answer);
    if (finishing || body === undefined) return;
    const character = draft.current;
    let after = draft;
    if (progressOf(draft, character) !== "submitted") {
      const duration_ms = Math.round(performance.now() - openedAt.current);
      outbox.add(
        { assignment: turn.id, item: itemOf(turn) },
        {
          type: "state",
          answer: {
            ...body,
            character,
            duration_ms,
            suggestions_seen: suggestions,
            context_watched_ms: draft.contextWatchedMs,
          },
        },
      );
      after = reduce(draft, { type: "submitted", character, answer });
      dispatch({ type: "submitted", character, answer });
    }
    const open = nextOpen(after, character);
    if (open !== undefined) dispatch({ type: "select", character: open });
    else {
      finish.reset();
      setFinishing(true);
    }
  }

  const othersOpen = draft.characters.some((one) => one !== draft.current && progressOf(draft, one) !== "submitted");
  return {
    draft,
    answer,
    step,
    hint,
    unsent,
    finishing,
    error: finish.error,
    isLast: !othersOpen,
    current: turn.characters.find((one) => one.id === draft.current),
    progress: progressOf(draft, draft.current),
    setStatus: (status: NonNullable<typeof answer.status>) => edit({ type: "status", status }),
    toggleReason: (reason: (typeof answer.reasons)[number]) =>
      edit({ type: "reason", reason }, answer.status === "one" ? undefined : "oneFirst"),
    setPrimary: (primary: Primary) => edit({ type: "primary", primary }, beforeEmotion()),
    setFine,
    digit,
    /** What is on screen of a machine's suggestions for the current character. */
    suggestions,
    maySuggest: offered.length > 0 && suggestions.length === 0 && maySeeSuggestions(answer) && !finishing,
    suggest: () => edit({ type: "suggest" }),
    back: () => edit({ type: "back" }),
    toggleUnsure: () => edit({ type: "unsure" }),
    setComment: (comment: string) => edit({ type: "comment", comment }),
    /** Whether there is a reason that could point at something; `explainPointing` says why not. */
    mayPoint: beforeEvidence() === undefined,
    explainPointing: () => setHint(beforeEvidence()),
    togglePlace: (place: Place) => edit({ type: "place", place }, beforeEvidence()),
    watched: (contextMs: number) => dispatch({ type: "watched", contextMs }),
    go: (steps: 1 | -1) => edit({ type: "go", steps }),
    select: (character: number) => edit({ type: "select", character }),
    submit,
  };
}

export type Answers = ReturnType<typeof useAnswers>;

import { useEffect, useState } from "react";
import type { AssignmentDetail, Clip } from "../../api/types";
import { itemAt, lastItemBy } from "../../media/intervals";
import type { Player } from "../../media/player";
import type { Place } from "./answer";
import type { Answers } from "./useAnswers";

/** Why pointing found nothing. */
export type PointingHint = "noLine" | "noFace" | "spanStarted";

/** Points at what is said or seen at the needle, or at a span from one press to the next. */
export function usePointing(player: Player, turn: AssignmentDetail, clip: Clip, answers: Answers) {
  const [spanFromMs, setSpanFromMs] = useState<number>();
  const [hint, setHint] = useState<PointingHint>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is answered next, the hint is old
  useEffect(() => setHint(undefined), [answers.answer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a span that was begun belongs to one character's answer
  useEffect(() => {
    setSpanFromMs(undefined);
  }, [answers.draft.current]);

  function toggle(place: Place) {
    setHint(undefined);
    answers.togglePlace(place);
  }

  function span(fromMs: number, toMs: number) {
    setSpanFromMs(undefined);
    const [start_ms, end_ms] = fromMs < toMs ? [fromMs, toMs] : [toMs, fromMs];
    if (start_ms < end_ms) toggle({ kind: "span", start_ms, end_ms, index: null });
  }

  function pointAt(kind: Place["kind"]) {
    const now = player.timeMs;
    if (!answers.mayPoint) return answers.explainPointing();
    if (kind === "line") {
      const line = lastItemBy(turn.subtitles, now);
      if (!line) return setHint("noLine");
      return toggle({ kind, start_ms: line.start_ms, end_ms: line.end_ms, index: line.index });
    }
    if (kind === "track") {
      const track = itemAt(answers.current?.tracks ?? [], Math.min(now, clip.end_ms - 1));
      if (!track) return setHint("noFace");
      return toggle({ kind, start_ms: track.start_ms, end_ms: track.end_ms, index: track.index });
    }
    if (spanFromMs !== undefined) return span(spanFromMs, now);
    setSpanFromMs(now);
    setHint("spanStarted");
  }

  return {
    pointAt,
    span,
    spanFromMs,
    hint: answers.mayPoint ? hint : undefined,
  };
}

export type Pointing = ReturnType<typeof usePointing>;

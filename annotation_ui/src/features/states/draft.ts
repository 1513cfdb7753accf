import type { AssignmentDetail, Primary, Reason, StateStatus } from "../../api/types";
import type { Entry } from "../../saving/changes";
import {
  type Answer,
  fromState,
  nextStep,
  type Place,
  sameAnswer,
  UNANSWERED,
  withoutLastStep,
  withPlace,
  withReason,
} from "./answer";

/** The answers of one clip while they are made. */
export interface Draft {
  /** The main characters in their order. */
  characters: readonly number[];
  current: number;
  answers: Readonly<Record<number, Answer>>;
  /** What was submitted last, whether the server has it already or the outbox keeps it. */
  submitted: Readonly<Record<number, Answer>>;
  /** The characters of whom a machine's suggestions were on screen. */
  suggested: readonly number[];
  /** How much of what came before the clip was watched; twice the same second counts twice. */
  contextWatchedMs: number;
}

export type Action =
  | { type: "status"; status: StateStatus }
  | { type: "reason"; reason: Reason }
  | { type: "primary"; primary: Primary }
  | { type: "fine"; primary: Primary; fineGrained: string }
  | { type: "back" }
  | { type: "unsure" }
  | { type: "comment"; comment: string }
  | { type: "place"; place: Place }
  | { type: "watched"; contextMs: number }
  | { type: "go"; steps: 1 | -1 }
  | { type: "select"; character: number }
  | { type: "suggest" }
  | { type: "submitted"; character: number; answer: Answer };

export function answerOf(draft: Draft, character = draft.current): Answer {
  return draft.answers[character] ?? UNANSWERED;
}

export type Progress = "open" | "changed" | "submitted";

export function progressOf(draft: Draft, character: number): Progress {
  const sent = draft.submitted[character];
  if (!sent) return "open";
  return sameAnswer(sent, answerOf(draft, character)) ? "submitted" : "changed";
}

/** The next character who has no submitted answer as it stands, after the given one and then from the top. */
export function nextOpen(draft: Draft, after: number): number | undefined {
  const place = draft.characters.indexOf(after);
  const order = [...draft.characters.slice(place + 1), ...draft.characters.slice(0, place + 1)];
  return order.find((character) => progressOf(draft, character) !== "submitted");
}

export function reduce(draft: Draft, action: Action): Draft {
  switch (action.type) {
    case "select":
      return draft.characters.includes(action.character) ? { ...draft, current: action.character } : draft;
    case "go": {
      const { characters } = draft;
      const place = characters.indexOf(draft.current) + action.steps;
      return { ...draft, current: characters[(place + characters.length) % characters.length] ?? draft.current };
    }
    case "suggest": {
      const seen = draft.suggested.includes(draft.current);
      return seen || !maySeeSuggestions(answerOf(draft))
        ? draft
        : { ...draft, suggested: [...draft.suggested, draft.current] };
    }
    case "watched":
      return { ...draft, contextWatchedMs: draft.contextWatchedMs + action.contextMs };
    case "submitted": {
      const submitted = { ...draft.submitted, [action.character]: action.answer };
      const answers = { ...draft.answers, [action.character]: action.answer };
      const after = { ...draft, submitted, answers };
      return { ...after, current: nextOpen(after, action.character) ?? action.character };
    }
    default: {
      const answer = changed(answerOf(draft), action);
      return { ...draft, answers: { ...draft.answers, [draft.current]: answer } };
    }
  }
}

type Edit = Extract<
  Action,
  { type: "status" | "reason" | "primary" | "fine" | "back" | "unsure" | "comment" | "place" }
>;

/** One edit of the current answer. What the protocol asks for later is not taken earlier. */
function changed(answer: Answer, edit: Edit): Answer {
  switch (edit.type) {
    case "status":
      return { ...answer, status: edit.status };
    case "back":
      return withoutLastStep(answer);
    case "unsure":
      return { ...answer, unsure: !answer.unsure };
    case "comment":
      return { ...answer, comment: edit.comment };
    case "place":
      return answer.status === "one" ? withPlace(answer, edit.place) : answer;
    case "reason":
      return answer.status === "one" ? withReason(answer, edit.reason) : answer;
    case "primary":
      if (!mayChooseEmotion(answer) || answer.primary === edit.primary) return answer;
      return { ...answer, primary: edit.primary, fineGrained: "" };
    case "fine":
      return mayChooseEmotion(answer) ? { ...answer, primary: edit.primary, fineGrained: edit.fineGrained } : answer;
  }
}

/** The wheel opens with one emotion and at least one reason. */
export function mayChooseEmotion(answer: Answer): boolean {
  const step = nextStep(answer);
  return answer.status === "one" && step !== "reasons";
}

/** Suggestions bias: who asks for them has an answer of his or her own, whole, before. */
export function maySeeSuggestions(answer: Answer): boolean {
  return nextStep(answer) === null;
}

/** What of a draft this computer keeps. */
export type KeptDraft = Pick<Draft, "answers" | "current" | "suggested" | "contextWatchedMs">;

/** The draft of a turn: what the server has, over it what is on its way, over it what this computer kept. */
export function startDraft(turn: AssignmentDetail, unsent: readonly Entry[], kept?: KeptDraft): Draft {
  const characters = turn.characters.map((one) => one.id);
  const submitted: Record<number, Answer> = {};
  for (const state of turn.states) submitted[state.character] = fromState(state);
  for (const { change } of unsent) {
    if (change.type === "state") submitted[change.answer.character] = fromState(change.answer);
  }
  const answers = { ...submitted, ...kept?.answers };
  const draft: Draft = {
    characters,
    current: characters[0] ?? 0,
    answers,
    submitted,
    suggested: kept?.suggested ?? [],
    contextWatchedMs: kept?.contextWatchedMs ?? watchedBefore(turn),
  };
  if (kept && characters.includes(kept.current)) return { ...draft, current: kept.current };
  return { ...draft, current: characters.find((one) => progressOf(draft, one) !== "submitted") ?? draft.current };
}

/** What the server knows of the context that was watched: an earlier page, or another computer, counted it. */
function watchedBefore(turn: AssignmentDetail): number {
  return Math.max(0, ...turn.states.map((state) => state.context_watched_ms));
}

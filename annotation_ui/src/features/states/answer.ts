import type { Evidence, Primary, Reason, State, StateRequest, StateStatus } from "../../api/types";

/** What an annotator says of one character so far. Parts that the status does not ask for are kept, but not sent. */
export interface Answer {
  status: StateStatus | null;
  reasons: readonly Reason[];
  primary: Primary | "";
  fineGrained: string;
  /** What may be added to any answer. */
  unsure: boolean;
  comment: string;
  /** Where the reasons are to be seen or heard; only of reasons that are chosen. */
  evidence: readonly Evidence[];
}

/** The steps of the question, in the order in which they are asked (MEmoR protocol, states). */
export type Step = "status" | "reasons" | "primary" | "fine_grained";

export const UNANSWERED: Answer = {
  status: null,
  reasons: [],
  primary: "",
  fineGrained: "",
  unsure: false,
  comment: "",
  evidence: [],
};

/** The step that has to be answered next, or null where nothing is missing. */
export function nextStep(answer: Answer): Step | null {
  if (answer.status === null) return "status";
  if (answer.status !== "one") return null;
  if (answer.reasons.length === 0) return "reasons";
  if (answer.primary === "") return "primary";
  return answer.fineGrained === "" ? "fine_grained" : null;
}

type Said = Pick<StateRequest, "status" | "reasons" | "primary" | "fine_grained" | "unsure" | "comment" | "evidence">;

/** The answer as it is sent: reasons and emotions only with one emotion. Undefined while a step is missing. */
export function asSent(answer: Answer): Said | undefined {
  const { status, primary, fineGrained, unsure } = answer;
  if (status === null || nextStep(answer) !== null) return undefined;
  const comment = answer.comment.trim();
  if (status !== "one") return { status, reasons: [], primary: "", fine_grained: "", unsure, comment, evidence: [] };
  const [reasons, evidence] = [[...answer.reasons], [...answer.evidence]];
  return { status, reasons, primary, fine_grained: fineGrained, unsure, comment, evidence };
}

export function fromState(state: Pick<State, keyof Said>): Answer {
  const { status, reasons, primary, fine_grained, unsure, comment, evidence } = state;
  const said = { status, reasons, primary: primary as Primary | "", fineGrained: fine_grained };
  // What an earlier version left on this computer has no remarks.
  return { ...said, unsure: unsure ?? false, comment: comment ?? "", evidence: evidence ?? [] };
}

export function sameAnswer(a: Answer, b: Answer): boolean {
  return JSON.stringify(asSent(a)) === JSON.stringify(asSent(b)) && a.status === b.status;
}

/** Take back the last step that was answered. */
export function withoutLastStep(answer: Answer): Answer {
  if (answer.status !== "one") return { ...answer, status: null };
  if (answer.fineGrained !== "") return { ...answer, fineGrained: "" };
  if (answer.primary !== "") return { ...answer, primary: "" };
  if (answer.reasons.length > 0) return { ...answer, reasons: [], evidence: [] };
  return { ...answer, status: null };
}

/** Choose a reason, or take it back with what it points at. */
export function withReason(answer: Answer, reason: Reason): Answer {
  if (!answer.reasons.includes(reason)) return { ...answer, reasons: [...answer.reasons, reason] };
  return {
    ...answer,
    reasons: answer.reasons.filter((one) => one !== reason),
    evidence: answer.evidence.filter((one) => one.reason !== reason),
  };
}

/** What of a clip can be pointed at, without saying for which reason. */
export type Place = Omit<Evidence, "reason">;

export const MOST_EVIDENCE = 20;

const SUITS: Readonly<Record<Place["kind"], readonly Reason[]>> = {
  line: ["text", "audio"],
  track: ["visual"],
  span: [],
};

/** The reason a place speaks for: the one of its kind if it is chosen, else the one that was chosen last. */
export function reasonFor(answer: Answer, kind: Place["kind"]): Reason | undefined {
  return SUITS[kind].find((reason) => answer.reasons.includes(reason)) ?? answer.reasons.at(-1);
}

function samePlace(a: Place, b: Place): boolean {
  return a.kind === b.kind && a.start_ms === b.start_ms && a.end_ms === b.end_ms;
}

/** Point at a place, or no longer. */
export function withPlace(answer: Answer, place: Place): Answer {
  const others = answer.evidence.filter((one) => !samePlace(one, place));
  if (others.length < answer.evidence.length) return { ...answer, evidence: others };
  const reason = reasonFor(answer, place.kind);
  if (!reason || others.length >= MOST_EVIDENCE) return answer;
  return { ...answer, evidence: [...others, { ...place, reason }] };
}

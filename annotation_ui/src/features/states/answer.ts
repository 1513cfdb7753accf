import type { Primary, Reason, State, StateRequest, StateStatus } from "../../api/types";

/** What an annotator says of one character so far. Parts that the status does not ask for are kept, but not sent. */
export interface Answer {
  status: StateStatus | null;
  reasons: readonly Reason[];
  primary: Primary | "";
  fineGrained: string;
}

/** The steps of the question, in the order in which they are asked (MEmoR protocol, states). */
export type Step = "status" | "reasons" | "primary" | "fine_grained";

export const UNANSWERED: Answer = { status: null, reasons: [], primary: "", fineGrained: "" };

/** The step that has to be answered next, or null where nothing is missing. */
export function nextStep(answer: Answer): Step | null {
  if (answer.status === null) return "status";
  if (answer.status !== "one") return null;
  if (answer.reasons.length === 0) return "reasons";
  if (answer.primary === "") return "primary";
  return answer.fineGrained === "" ? "fine_grained" : null;
}

/** The answer as it is sent: reasons and emotions only with one emotion. Undefined while a step is missing. */
export function asSent(
  answer: Answer,
): Pick<StateRequest, "status" | "reasons" | "primary" | "fine_grained"> | undefined {
  if (answer.status === null || nextStep(answer) !== null) return undefined;
  if (answer.status !== "one") return { status: answer.status, reasons: [], primary: "", fine_grained: "" };
  const { status, primary, fineGrained } = answer;
  return { status, reasons: [...answer.reasons], primary, fine_grained: fineGrained };
}

export function fromState(state: Pick<State, "status" | "reasons" | "primary" | "fine_grained">): Answer {
  const { status, reasons, primary, fine_grained } = state;
  return { status, reasons, primary: primary as Primary | "", fineGrained: fine_grained };
}

export function sameAnswer(a: Answer, b: Answer): boolean {
  return JSON.stringify(asSent(a)) === JSON.stringify(asSent(b)) && a.status === b.status;
}

/** Take back the last step that was answered. */
export function withoutLastStep(answer: Answer): Answer {
  if (answer.status !== "one") return { ...answer, status: null };
  if (answer.fineGrained !== "") return { ...answer, fineGrained: "" };
  if (answer.primary !== "") return { ...answer, primary: "" };
  if (answer.reasons.length > 0) return { ...answer, reasons: [] };
  return { ...answer, status: null };
}

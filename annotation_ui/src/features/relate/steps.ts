import type { Standing, StepRequest } from "../../api/types";

export type Step = Standing["step"];
/** The steps that are done one after the other. */
export const STEPS = ["lines", "pair", "relationship"] as const;
export type WorkStep = (typeof STEPS)[number];

/** Where a turn is: what the server knows, and what this computer has not sent yet. */
export interface Now {
  step: Step;
  pair: readonly number[];
  relationship: Standing["relationship"];
  /** Where one goes on who does not discard the clip after all. */
  resumes: Step;
}

export function startOf(standing: Standing, steps: readonly StepRequest[]): Now {
  const { step, pair, relationship, resumes } = standing;
  return steps.reduce(after, { step, pair: pair ?? [], relationship, resumes });
}

/** Where a turn is after one more step: the rule of `webapp/relationships/steps.py`, so that nobody waits for the network. */
export function after(now: Now, event: StepRequest): Now {
  switch (event.kind) {
    case "lines_done":
      return { ...now, step: "pair" };
    case "pair":
      return { ...now, step: "relationship", pair: event.pair ?? [] };
    case "relationship":
      return { ...now, step: "done", relationship: event.relationship ?? "" };
    case "back":
      return { ...now, step: event.back_to || now.step };
    case "discard":
      return { ...now, step: "discarded", resumes: now.step === "discarded" ? now.resumes : now.step };
    case "undiscard":
      return { ...now, step: now.resumes };
  }
}

/** The step that is on screen; a clip that is done shows its last one. */
export function shownStep(step: Step): WorkStep {
  return step === "done" || step === "discarded" ? "relationship" : step;
}

/** The step before the one on screen, undefined before the first. */
export function stepBefore(step: Step): WorkStep | undefined {
  return step === "discarded" ? undefined : STEPS[STEPS.indexOf(shownStep(step)) - 1];
}

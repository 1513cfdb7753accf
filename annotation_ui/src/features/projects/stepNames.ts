import type { AssignmentKind } from "../../api/types";
import type { TextKey } from "../../i18n";

/** What the two steps of a protocol are called where their progress is shown. */
export const STEP_NAMES = {
  moments: "projects.momentsDone",
  states: "projects.statesDone",
  locate: "projects.locateDone",
  relate: "projects.relateDone",
} as const satisfies Record<AssignmentKind, TextKey>;

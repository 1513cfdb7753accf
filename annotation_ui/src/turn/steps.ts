import type { AssignmentKind, Project } from "../api/types";

/** The turns of a protocol: first about whole episodes, then about the clips that come out of them. */
export const STEPS: Readonly<Record<Project["protocol"], readonly [AssignmentKind, AssignmentKind]>> = {
  memor: ["moments", "states"],
  erato: ["locate", "relate"],
};

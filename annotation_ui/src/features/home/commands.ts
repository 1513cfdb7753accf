import type { AssignmentKind } from "../../api/types";
import type { Command } from "../../commands/commands";

export interface HomeContext {
  /** The first project on the page; undefined where there is none. */
  project: number | undefined;
  open: (project: number, kind: AssignmentKind) => void;
}

function opens(kind: AssignmentKind, key: string): Command<HomeContext> {
  return {
    id: kind,
    keys: [key],
    label: `home.${kind}`,
    group: "page",
    available: ({ project }) => project !== undefined,
    run: ({ project, open }) => {
      if (project !== undefined) open(project, kind);
    },
  };
}

export const homeCommands: readonly Command<HomeContext>[] = [opens("moments", "m"), opens("states", "l")];

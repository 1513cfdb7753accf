import type { AssignmentKind, Project } from "../../api/types";
import type { Command } from "../../commands/commands";
import { STEPS } from "../../turn/steps";

export interface HomeContext {
  /** The first project on the page; undefined where there is none. */
  project: Project | undefined;
  open: (project: number, page: AssignmentKind | "training") => void;
}

function opens(id: "moments" | "states", step: 0 | 1, key: string): Command<HomeContext> {
  return {
    id,
    keys: [key],
    label: step === 0 ? "home.episodes" : "home.clips",
    group: "page",
    available: ({ project }) => project !== undefined,
    run: ({ project, open }) => {
      if (project !== undefined) open(project.id, STEPS[project.protocol][step]);
    },
  };
}

export const homeCommands: readonly Command<HomeContext>[] = [
  opens("moments", 0, "m"),
  opens("states", 1, "l"),
  {
    id: "training",
    keys: ["t"],
    label: "training.first",
    group: "page",
    available: ({ project }) => Boolean(project?.training),
    run: ({ project, open }) => {
      if (project) open(project.id, "training");
    },
  },
];

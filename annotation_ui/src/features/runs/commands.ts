import type { Command } from "../../commands/commands";

export interface RunContext {
  canUse: boolean;
  canStop: boolean;
  hasSeeds: boolean;
  use: () => void;
  stop: () => void;
  nextSeed: () => void;
}

export const runCommands: readonly Command<RunContext>[] = [
  {
    id: "runs.use",
    keys: ["u"],
    label: "runs.use",
    group: "page",
    available: ({ canUse }) => canUse,
    run: ({ use }) => use(),
  },
  {
    id: "runs.nextSeed",
    keys: ["n"],
    label: "runs.nextSeed",
    group: "page",
    available: ({ hasSeeds }) => hasSeeds,
    run: ({ nextSeed }) => nextSeed(),
  },
  {
    id: "runs.stop",
    keys: ["x"],
    label: "runs.stop",
    group: "page",
    available: ({ canStop }) => canStop,
    run: ({ stop }) => stop(),
  },
];

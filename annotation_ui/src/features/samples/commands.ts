import type { Command } from "../../commands/commands";

export interface EmotionsContext {
  isChanged: boolean;
  isPublished: boolean;
  save: () => void;
  reset: () => void;
  publish: () => void;
}

export const emotionsCommands: readonly Command<EmotionsContext>[] = [
  {
    id: "emotionSet.save",
    keys: ["s"],
    label: "emotionSet.save",
    group: "page",
    available: ({ isChanged }) => isChanged,
    run: ({ save }) => save(),
  },
  {
    id: "emotionSet.reset",
    keys: ["z"],
    label: "emotionSet.reset",
    group: "page",
    available: ({ isChanged }) => isChanged,
    run: ({ reset }) => reset(),
  },
  {
    id: "emotionSet.published",
    keys: ["p"],
    label: "emotionSet.published",
    group: "page",
    available: ({ isPublished }) => !isPublished,
    run: ({ publish }) => publish(),
  },
];

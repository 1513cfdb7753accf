import type { Command } from "../../commands/commands";
import { LOWEST } from "./course";

export interface QuestionnaireContext {
  answer: (value: number) => void;
  shift: (step: 1 | -1) => void;
  move: (step: 1 | -1) => void;
  goOn: () => void;
}

export const questionnaireCommands: readonly Command<QuestionnaireContext>[] = [
  {
    id: "personality.rate",
    keys: ["1", "2", "3", "4", "5"],
    label: "personality.rate",
    group: "answer",
    run: ({ answer }, place) => answer(LOWEST + place),
  },
  {
    id: "personality.cannotTell",
    keys: ["0"],
    label: "personality.cannotTell",
    group: "answer",
    run: ({ answer }) => answer(0),
  },
  {
    id: "personality.less",
    keys: ["arrowleft"],
    label: "personality.less",
    group: "answer",
    repeats: true,
    run: ({ shift }) => shift(-1),
  },
  {
    id: "personality.more",
    keys: ["arrowright"],
    label: "personality.more",
    group: "answer",
    repeats: true,
    run: ({ shift }) => shift(1),
  },
  {
    id: "personality.previous",
    keys: ["arrowup"],
    label: "personality.previous",
    group: "page",
    repeats: true,
    run: ({ move }) => move(-1),
  },
  {
    id: "personality.next",
    keys: ["arrowdown"],
    label: "personality.next",
    group: "page",
    repeats: true,
    run: ({ move }) => move(1),
  },
  {
    id: "personality.nextOpen",
    keys: ["enter"],
    label: "personality.nextOpen",
    group: "page",
    run: ({ goOn }) => goOn(),
  },
];

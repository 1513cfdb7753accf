import type { Command } from "../../commands/commands";

export interface PeopleContext {
  hasFace: boolean;
  hasSuggestion: boolean;
  canMerge: boolean;
  canSplit: boolean;
  canUndo: boolean;
  canRefer: boolean;
  move: (to: "left" | "right" | "up" | "down") => void;
  goOpen: () => void;
  confirm: () => void;
  link: (place: number) => void;
  nobody: () => void;
  pick: () => void;
  merge: () => void;
  split: () => void;
  refer: () => void;
  undo: () => void;
  openHelp: () => void;
}

const withFace = { available: ({ hasFace }: PeopleContext) => hasFace } as const;

/** Saying who the faces of an episode are. */
export const peopleCommands: readonly Command<PeopleContext>[] = [
  {
    id: "people.confirm",
    keys: ["enter", "y"],
    label: "people.confirm",
    group: "answer",
    available: ({ hasSuggestion }) => hasSuggestion,
    run: ({ confirm }) => confirm(),
  },
  {
    id: "people.link",
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    label: "people.link",
    group: "answer",
    ...withFace,
    run: ({ link }, place) => link(place),
  },
  {
    id: "people.nobody",
    keys: ["0"],
    label: "people.nobody",
    group: "answer",
    ...withFace,
    run: ({ nobody }) => nobody(),
  },
  { id: "people.pick", keys: ["space"], label: "people.pick", group: "answer", ...withFace, run: ({ pick }) => pick() },
  {
    id: "people.merge",
    keys: ["m"],
    label: "people.merge",
    group: "answer",
    available: ({ canMerge }) => canMerge,
    run: ({ merge }) => merge(),
  },
  {
    id: "people.split",
    keys: ["s"],
    label: "people.split",
    group: "answer",
    available: ({ canSplit }) => canSplit,
    run: ({ split }) => split(),
  },
  {
    id: "people.refer",
    keys: ["r"],
    label: "people.refer",
    group: "answer",
    available: ({ canRefer }) => canRefer,
    run: ({ refer }) => refer(),
  },
  {
    id: "people.undo",
    keys: ["z", "ctrl+z"],
    label: "people.undo",
    group: "answer",
    available: ({ canUndo }) => canUndo,
    run: ({ undo }) => undo(),
  },
  {
    id: "people.left",
    keys: ["arrowleft"],
    label: "people.left",
    group: "mark",
    repeats: true,
    run: ({ move }) => move("left"),
  },
  {
    id: "people.right",
    keys: ["arrowright"],
    label: "people.right",
    group: "mark",
    repeats: true,
    run: ({ move }) => move("right"),
  },
  {
    id: "people.up",
    keys: ["arrowup"],
    label: "people.up",
    group: "mark",
    repeats: true,
    run: ({ move }) => move("up"),
  },
  {
    id: "people.down",
    keys: ["arrowdown"],
    label: "people.down",
    group: "mark",
    repeats: true,
    run: ({ move }) => move("down"),
  },
  { id: "people.nextOpen", keys: ["n"], label: "people.nextOpen", group: "mark", run: ({ goOpen }) => goOpen() },
  { id: "page.help", keys: ["?"], label: "help.open", group: "page", run: ({ openHelp }) => openHelp() },
];

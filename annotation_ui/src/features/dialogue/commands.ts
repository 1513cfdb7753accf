import type { Command } from "../../commands/commands";
import { type PlayerContext, playerCommands } from "../../media/commands";

export interface DialogueContext extends PlayerContext {
  hasLine: boolean;
  hasGuess: boolean;
  canUndo: boolean;
  canRedo: boolean;
  pending: boolean;
  toggle: () => void;
  playLine: () => void;
  go: (steps: 1 | -1) => void;
  goDoubtful: (steps: 1 | -1) => void;
  approve: () => void;
  speaker: (place: number) => void;
  takeGuess: () => void;
  edit: (field: "text" | "speaker") => void;
  edgeHere: (edge: "start" | "end") => void;
  nudge: (edge: "start" | "end", ms: number) => void;
  toggleRemoved: () => void;
  add: () => void;
  undo: () => void;
  redo: () => void;
  zoom: (steps: 1 | -1) => void;
  followNow: () => void;
}

export const NUDGE_MS = 20;

const withLine = { available: ({ hasLine }: DialogueContext) => hasLine } as const;

/** Listening to what was found, and correcting it. */
export const dialogueCommands: readonly Command<DialogueContext>[] = [
  {
    id: "dialogue.approve",
    keys: ["enter"],
    label: "dialogue.approve",
    group: "answer",
    ...withLine,
    run: ({ approve }) => approve(),
  },
  {
    id: "dialogue.speaker",
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    label: "dialogue.speakerKey",
    group: "answer",
    ...withLine,
    run: ({ speaker }, place) => speaker(place),
  },
  {
    id: "dialogue.guess",
    keys: ["y"],
    label: "dialogue.takeGuess",
    group: "answer",
    available: ({ hasGuess }) => hasGuess,
    run: ({ takeGuess }) => takeGuess(),
  },
  {
    id: "dialogue.otherSpeaker",
    keys: ["w"],
    label: "dialogue.otherSpeaker",
    group: "answer",
    ...withLine,
    run: ({ edit }) => edit("speaker"),
  },
  {
    id: "dialogue.edit",
    keys: ["e"],
    label: "dialogue.edit",
    group: "answer",
    ...withLine,
    run: ({ edit }) => edit("text"),
  },
  {
    id: "dialogue.startHere",
    keys: ["i"],
    label: "dialogue.startHere",
    group: "answer",
    ...withLine,
    run: ({ edgeHere }) => edgeHere("start"),
  },
  {
    id: "dialogue.endHere",
    keys: ["o"],
    label: "dialogue.endHere",
    group: "answer",
    ...withLine,
    run: ({ edgeHere }) => edgeHere("end"),
  },
  {
    id: "dialogue.startEarlier",
    keys: ["j"],
    label: "dialogue.startEarlier",
    group: "answer",
    repeats: true,
    ...withLine,
    run: ({ nudge }) => nudge("start", -NUDGE_MS),
  },
  {
    id: "dialogue.startLater",
    keys: ["k"],
    label: "dialogue.startLater",
    group: "answer",
    repeats: true,
    ...withLine,
    run: ({ nudge }) => nudge("start", NUDGE_MS),
  },
  {
    id: "dialogue.endEarlier",
    keys: ["shift+j"],
    label: "dialogue.endEarlier",
    group: "answer",
    repeats: true,
    ...withLine,
    run: ({ nudge }) => nudge("end", -NUDGE_MS),
  },
  {
    id: "dialogue.endLater",
    keys: ["shift+k"],
    label: "dialogue.endLater",
    group: "answer",
    repeats: true,
    ...withLine,
    run: ({ nudge }) => nudge("end", NUDGE_MS),
  },
  {
    id: "dialogue.remove",
    keys: ["x", "delete"],
    label: "dialogue.remove",
    group: "answer",
    ...withLine,
    run: ({ toggleRemoved }) => toggleRemoved(),
  },
  { id: "dialogue.add", keys: ["a"], label: "dialogue.add", group: "answer", run: ({ add }) => add() },
  {
    id: "dialogue.undo",
    keys: ["z", "ctrl+z"],
    label: "dialogue.undo",
    group: "answer",
    available: ({ canUndo }) => canUndo,
    run: ({ undo }) => undo(),
  },
  {
    id: "dialogue.redo",
    keys: ["shift+z", "ctrl+shift+z", "ctrl+y"],
    label: "dialogue.redo",
    group: "answer",
    available: ({ canRedo }) => canRedo,
    run: ({ redo }) => redo(),
  },
  {
    id: "dialogue.previous",
    keys: ["arrowup"],
    label: "dialogue.previous",
    group: "mark",
    repeats: true,
    run: ({ go }) => go(-1),
  },
  {
    id: "dialogue.next",
    keys: ["arrowdown"],
    label: "dialogue.next",
    group: "mark",
    repeats: true,
    run: ({ go }) => go(1),
  },
  {
    id: "dialogue.nextDoubtful",
    keys: ["n"],
    label: "dialogue.nextDoubtful",
    group: "mark",
    run: ({ goDoubtful }) => goDoubtful(1),
  },
  {
    id: "dialogue.previousDoubtful",
    keys: ["shift+n"],
    label: "dialogue.previousDoubtful",
    group: "mark",
    run: ({ goDoubtful }) => goDoubtful(-1),
  },
  { id: "dialogue.play", keys: ["space"], label: "player.play", group: "play", run: ({ toggle }) => toggle() },
  {
    id: "dialogue.playLine",
    keys: ["p", "r"],
    label: "dialogue.playLine",
    group: "play",
    ...withLine,
    run: ({ playLine }) => playLine(),
  },
  { id: "dialogue.zoomIn", keys: ["="], label: "dialogue.zoomIn", group: "page", run: ({ zoom }) => zoom(1) },
  { id: "dialogue.zoomOut", keys: ["-"], label: "dialogue.zoomOut", group: "page", run: ({ zoom }) => zoom(-1) },
  {
    id: "dialogue.followNow",
    keys: ["shift+enter"],
    label: "dialogue.followNow",
    group: "page",
    available: ({ pending }) => pending,
    run: ({ followNow }) => followNow(),
  },
  ...playerCommands.filter((command) => command.id !== "page.guideline"),
];

import type { Command } from "../../commands/commands";
import { type PlayerContext, playerCommands } from "../../media/commands";
import type { Step } from "./steps";

export interface RelateContext extends PlayerContext {
  step: Step;
  hasLine: boolean;
  canUndo: boolean;
  canRedo: boolean;
  mayGoOn: boolean;
  goOn: () => void;
  mayGoBack: boolean;
  goBack: () => void;
  toggleDiscard: () => void;
  /** 1 to 3: a person; then 1 to 5: the relationship. */
  digit: (place: number) => void;
  selectLine: (steps: 1 | -1) => void;
  selectDoubtful: () => void;
  editLine: () => void;
  splitLine: () => void;
  joinLine: () => void;
  addLine: () => void;
  removeLine: () => void;
  playLine: () => void;
  edgeHere: (edge: "start" | "end") => void;
  nudge: (edge: "start" | "end", frames: 1 | -1) => void;
  undo: () => void;
  redo: () => void;
  remark: (kind: "wrong_person" | "missing_person") => void;
  toggleUnsure: () => void;
  openComment: () => void;
  openHistory: () => void;
}

const onLines = { available: ({ step }: RelateContext) => step === "lines" } as const;
const onLine = { available: ({ step, hasLine }: RelateContext) => step === "lines" && hasLine } as const;
const onRelationship = { available: ({ step }: RelateContext) => step === "relationship" || step === "done" } as const;

const NUDGES: readonly (readonly [string, "start" | "end", 1 | -1, string])[] = [
  ["startEarlier", "start", -1, "j"],
  ["startLater", "start", 1, "k"],
  ["endEarlier", "end", -1, "shift+j"],
  ["endLater", "end", 1, "shift+k"],
];
type NudgeName = "startEarlier" | "startLater" | "endEarlier" | "endLater";

/** Correcting lines: only in the first step. In a line's field other keys do the same: see `LineRow`. */
const lineCommands: readonly Command<RelateContext>[] = [
  {
    id: "line.previous",
    keys: ["arrowup"],
    label: "relate.key.previous",
    group: "mark",
    repeats: true,
    ...onLines,
    run: ({ selectLine }) => selectLine(-1),
  },
  {
    id: "line.next",
    keys: ["arrowdown"],
    label: "relate.key.next",
    group: "mark",
    repeats: true,
    ...onLines,
    run: ({ selectLine }) => selectLine(1),
  },
  {
    id: "line.doubtful",
    keys: ["n"],
    label: "relate.key.doubtful",
    group: "mark",
    ...onLines,
    run: ({ selectDoubtful }) => selectDoubtful(),
  },
  { id: "line.edit", keys: ["e"], label: "relate.key.edit", group: "mark", ...onLine, run: (desk) => desk.editLine() },
  {
    id: "line.split",
    keys: ["d"],
    label: "relate.key.split",
    group: "mark",
    ...onLine,
    run: (desk) => desk.splitLine(),
  },
  { id: "line.join", keys: ["m"], label: "relate.key.join", group: "mark", ...onLine, run: (desk) => desk.joinLine() },
  { id: "line.add", keys: ["a"], label: "relate.key.add", group: "mark", ...onLines, run: (desk) => desk.addLine() },
  {
    id: "line.remove",
    keys: ["x", "delete"],
    label: "relate.key.remove",
    group: "mark",
    ...onLine,
    run: (desk) => desk.removeLine(),
  },
  {
    id: "line.startHere",
    keys: ["i"],
    label: "relate.key.startHere",
    group: "mark",
    ...onLine,
    run: ({ edgeHere }) => edgeHere("start"),
  },
  {
    id: "line.endHere",
    keys: ["o"],
    label: "relate.key.endHere",
    group: "mark",
    ...onLine,
    run: ({ edgeHere }) => edgeHere("end"),
  },
  ...NUDGES.map(
    ([name, edge, frames, key]): Command<RelateContext> => ({
      id: `line.${name}`,
      keys: [key],
      label: `relate.key.${name as NudgeName}`,
      group: "mark",
      repeats: true,
      ...onLine,
      run: ({ nudge }) => nudge(edge, frames),
    }),
  ),
  {
    id: "line.undo",
    keys: ["z", "ctrl+z"],
    label: "relate.key.undo",
    group: "mark",
    available: ({ step, canUndo }) => step === "lines" && canUndo,
    run: ({ undo }) => undo(),
  },
  {
    id: "line.redo",
    keys: ["shift+z", "ctrl+shift+z", "ctrl+y"],
    label: "relate.key.redo",
    group: "mark",
    available: ({ step, canRedo }) => step === "lines" && canRedo,
    run: ({ redo }) => redo(),
  },
];

export const relateCommands: readonly Command<RelateContext>[] = [
  {
    id: "relate.goOn",
    keys: ["enter"],
    label: "relate.key.goOn",
    group: "answer",
    available: ({ mayGoOn }) => mayGoOn,
    run: ({ goOn }) => goOn(),
  },
  {
    id: "relate.goBack",
    keys: ["backspace"],
    label: "relate.key.goBack",
    group: "answer",
    available: ({ mayGoBack }) => mayGoBack,
    run: ({ goBack }) => goBack(),
  },
  {
    id: "relate.digit",
    keys: ["1", "2", "3", "4", "5"],
    label: "relate.key.digit",
    group: "answer",
    available: ({ step }) => step !== "lines" && step !== "discarded",
    run: ({ digit }, place) => digit(place),
  },
  {
    id: "relate.discard",
    keys: ["shift+x"],
    label: "relate.key.discard",
    group: "answer",
    run: ({ toggleDiscard }) => toggleDiscard(),
  },
  ...lineCommands,
  {
    id: "relate.wrong",
    keys: ["v"],
    label: "relate.key.wrong",
    group: "remark",
    run: ({ remark }) => remark("wrong_person"),
  },
  {
    id: "relate.missing",
    keys: ["shift+v"],
    label: "relate.key.missing",
    group: "remark",
    run: ({ remark }) => remark("missing_person"),
  },
  {
    id: "relate.unsure",
    keys: ["q"],
    label: "relate.key.unsure",
    group: "remark",
    ...onRelationship,
    run: ({ toggleUnsure }) => toggleUnsure(),
  },
  {
    id: "relate.comment",
    keys: ["w"],
    label: "relate.key.comment",
    group: "remark",
    ...onRelationship,
    run: ({ openComment }) => openComment(),
  },
  {
    id: "line.play",
    keys: ["p"],
    label: "relate.key.playLine",
    group: "play",
    ...onLine,
    run: ({ playLine }) => playLine(),
  },
  {
    id: "states.history",
    keys: ["b"],
    label: "states.history",
    group: "page",
    run: ({ openHistory }) => openHistory(),
  },
  {
    id: "states.loop",
    keys: ["l"],
    label: "states.loop",
    group: "play",
    run: ({ player }) => player.toggleLooping(),
  },
  { id: "states.play", keys: ["space"], label: "player.play", group: "play", run: ({ player }) => player.toggle() },
  { id: "states.restart", keys: ["r"], label: "player.restart", group: "play", run: ({ player }) => player.restart() },
  ...playerCommands,
];

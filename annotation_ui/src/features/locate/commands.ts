import type { Command } from "../../commands/commands";
import { type PlayerContext, playerCommands } from "../../media/commands";

export type Edge = "start" | "end";

export interface LocateContext extends PlayerContext {
  /** Whether an interaction is selected, or begun: its edges can be moved. */
  hasEdges: boolean;
  hasSelected: boolean;
  hasOffer: boolean;
  canUndo: boolean;
  canRedo: boolean;
  begin: () => void;
  end: () => void;
  edgeHere: (edge: Edge) => void;
  nudge: (edge: Edge, frames: 1 | -1) => void;
  snap: (edge: Edge) => void;
  toggleSnapping: () => void;
  goStory: (steps: 1 | -1) => void;
  goOffer: (steps: 1 | -1) => void;
  answer: (isTaken: boolean) => void;
  goMark: (steps: 1 | -1) => void;
  remove: () => void;
  loop: () => void;
  undo: () => void;
  redo: () => void;
  askToFinish: () => void;
}

const withEdges = { available: ({ hasEdges }: LocateContext) => hasEdges, repeats: true } as const;
const withSelected = { available: ({ hasSelected }: LocateContext) => hasSelected } as const;
const withOffer = { available: ({ hasOffer }: LocateContext) => hasOffer } as const;

function nudges(id: string, key: string, edge: Edge, frames: 1 | -1): Command<LocateContext> {
  const run = ({ nudge }: LocateContext) => nudge(edge, frames);
  return { id, keys: [key], label: `${id}` as "locate.startEarlier", group: "mark", ...withEdges, run };
}

/** ERATO protocol, rule 1: in and out of each interaction of two people; suggestions are taken, changed or refused. */
export const locateCommands: readonly Command<LocateContext>[] = [
  { id: "locate.toggle", keys: ["space"], label: "locate.toggle", group: "play", run: ({ player }) => player.toggle() },
  { id: "locate.in", keys: ["i"], label: "locate.in", group: "mark", run: ({ begin }) => begin() },
  { id: "locate.out", keys: ["o"], label: "locate.out", group: "mark", run: ({ end }) => end() },
  {
    id: "locate.startHere",
    keys: ["shift+i"],
    label: "locate.startHere",
    group: "mark",
    ...withSelected,
    run: ({ edgeHere }) => edgeHere("start"),
  },
  {
    id: "locate.endHere",
    keys: ["shift+o"],
    label: "locate.endHere",
    group: "mark",
    ...withSelected,
    run: ({ edgeHere }) => edgeHere("end"),
  },
  nudges("locate.startEarlier", "j", "start", -1),
  nudges("locate.startLater", "k", "start", 1),
  nudges("locate.endEarlier", "shift+j", "end", -1),
  nudges("locate.endLater", "shift+k", "end", 1),
  {
    id: "locate.snapStart",
    keys: ["e"],
    label: "locate.snapStart",
    group: "mark",
    available: ({ hasEdges }) => hasEdges,
    run: ({ snap }) => snap("start"),
  },
  {
    id: "locate.snapEnd",
    keys: ["shift+e"],
    label: "locate.snapEnd",
    group: "mark",
    ...withSelected,
    run: ({ snap }) => snap("end"),
  },
  {
    id: "locate.snapping",
    keys: ["m"],
    label: "locate.snapping",
    group: "mark",
    run: ({ toggleSnapping }) => toggleSnapping(),
  },
  {
    id: "locate.accept",
    keys: ["a"],
    label: "locate.accept",
    group: "answer",
    ...withOffer,
    run: ({ answer }) => answer(true),
  },
  {
    id: "locate.refuse",
    keys: ["r"],
    label: "locate.refuse",
    group: "answer",
    ...withOffer,
    run: ({ answer }) => answer(false),
  },
  {
    id: "locate.offerBefore",
    keys: ["d"],
    label: "locate.offerBefore",
    group: "answer",
    ...withOffer,
    run: ({ goOffer }) => goOffer(-1),
  },
  {
    id: "locate.offerNext",
    keys: ["f"],
    label: "locate.offerNext",
    group: "answer",
    ...withOffer,
    run: ({ goOffer }) => goOffer(1),
  },
  {
    id: "locate.storyBefore",
    keys: ["b"],
    label: "locate.storyBefore",
    group: "play",
    repeats: true,
    run: ({ goStory }) => goStory(-1),
  },
  {
    id: "locate.storyNext",
    keys: ["n"],
    label: "locate.storyNext",
    group: "play",
    repeats: true,
    run: ({ goStory }) => goStory(1),
  },
  {
    id: "locate.previous",
    keys: ["arrowup"],
    label: "locate.previous",
    group: "mark",
    repeats: true,
    run: ({ goMark }) => goMark(-1),
  },
  {
    id: "locate.next",
    keys: ["arrowdown"],
    label: "locate.next",
    group: "mark",
    repeats: true,
    run: ({ goMark }) => goMark(1),
  },
  { id: "locate.loop", keys: ["l"], label: "locate.loop", group: "play", ...withSelected, run: ({ loop }) => loop() },
  {
    id: "locate.remove",
    keys: ["x", "delete"],
    label: "locate.remove",
    group: "mark",
    ...withSelected,
    run: ({ remove }) => remove(),
  },
  {
    id: "locate.undo",
    keys: ["z", "ctrl+z"],
    label: "locate.undo",
    group: "mark",
    available: ({ canUndo }) => canUndo,
    run: ({ undo }) => undo(),
  },
  {
    id: "locate.redo",
    keys: ["shift+z", "ctrl+shift+z", "ctrl+y"],
    label: "locate.redo",
    group: "mark",
    available: ({ canRedo }) => canRedo,
    run: ({ redo }) => redo(),
  },
  {
    id: "locate.finish",
    keys: ["enter"],
    label: "locate.finish",
    group: "page",
    run: ({ askToFinish }) => askToFinish(),
  },
  ...playerCommands,
];

import type { Command } from "../../commands/commands";
import { type PlayerContext, playerCommands } from "../../media/commands";
import type { Mark } from "./moments";

export interface MomentsContext extends PlayerContext {
  selected: Mark | undefined;
  canUndo: boolean;
  canRedo: boolean;
  record: () => void;
  remove: (mark: Mark) => void;
  undo: () => void;
  redo: () => void;
  select: (steps: 1 | -1) => void;
  /** Where the next part begins that was not seen yet. */
  unseenMs: () => number | undefined;
  askToFinish: () => void;
}

/**
 * MEmoR protocol, moments: pressing pause records the moment by itself; pausing without recording and deleting a moment
 * are possible, but cost another key.
 */
export const momentsCommands: readonly Command<MomentsContext>[] = [
  {
    id: "moments.toggle",
    keys: ["space"],
    label: "moments.toggle",
    group: "mark",
    run: ({ player, record }) => {
      const { playing } = player.snapshot;
      player.toggle();
      if (playing) record();
    },
  },
  {
    id: "moments.pauseOnly",
    keys: ["shift+space"],
    label: "moments.pauseOnly",
    group: "mark",
    run: ({ player }) => player.toggle(),
  },
  {
    id: "moments.remove",
    keys: ["x", "delete"],
    label: "moments.remove",
    group: "mark",
    available: ({ selected }) => selected !== undefined,
    run: ({ selected, remove }) => {
      if (selected) remove(selected);
    },
  },
  {
    id: "moments.undo",
    keys: ["z", "ctrl+z"],
    label: "moments.undo",
    group: "mark",
    available: ({ canUndo }) => canUndo,
    run: ({ undo }) => undo(),
  },
  {
    id: "moments.redo",
    keys: ["shift+z", "ctrl+shift+z", "ctrl+y"],
    label: "moments.redo",
    group: "mark",
    available: ({ canRedo }) => canRedo,
    run: ({ redo }) => redo(),
  },
  {
    id: "moments.previous",
    keys: ["arrowup"],
    label: "moments.previous",
    group: "mark",
    repeats: true,
    run: ({ select }) => select(-1),
  },
  {
    id: "moments.next",
    keys: ["arrowdown"],
    label: "moments.next",
    group: "mark",
    repeats: true,
    run: ({ select }) => select(1),
  },
  {
    id: "moments.unseen",
    keys: ["n"],
    label: "moments.unseen",
    group: "play",
    run: ({ player, unseenMs }) => {
      const target = unseenMs();
      if (target !== undefined) player.seek(target);
    },
  },
  {
    id: "moments.finish",
    keys: ["enter"],
    label: "moments.finish",
    group: "page",
    run: ({ askToFinish }) => askToFinish(),
  },
  ...playerCommands,
];

import type { Command } from "../../commands/commands";

export interface StoryboardContext {
  /** Whether the shot at the cursor can begin a scene: every one but the first. */
  canEdit: boolean;
  canUndo: boolean;
  canRedo: boolean;
  toggle: () => void;
  go: (shots: number) => void;
  goScene: (steps: 1 | -1) => void;
  undo: () => void;
  redo: () => void;
  openHelp: () => void;
}

function moves(id: string, key: string, run: (context: StoryboardContext) => void): Command<StoryboardContext> {
  return { id, keys: [key], label: id as "storyboard.next", group: "mark", repeats: true, run };
}

/** Going through the shots of an episode, joining and splitting its scenes. */
export const storyboardCommands: readonly Command<StoryboardContext>[] = [
  {
    id: "storyboard.toggle",
    keys: ["space"],
    label: "storyboard.toggle",
    group: "mark",
    available: ({ canEdit }) => canEdit,
    run: ({ toggle }) => toggle(),
  },
  moves("storyboard.before", "arrowleft", ({ go }) => go(-1)),
  moves("storyboard.next", "arrowright", ({ go }) => go(1)),
  moves("storyboard.sceneBefore", "arrowup", ({ goScene }) => goScene(-1)),
  moves("storyboard.sceneNext", "arrowdown", ({ goScene }) => goScene(1)),
  {
    id: "storyboard.undo",
    keys: ["z", "ctrl+z"],
    label: "storyboard.undo",
    group: "mark",
    available: ({ canUndo }) => canUndo,
    run: ({ undo }) => undo(),
  },
  {
    id: "storyboard.redo",
    keys: ["shift+z", "ctrl+shift+z", "ctrl+y"],
    label: "storyboard.redo",
    group: "mark",
    available: ({ canRedo }) => canRedo,
    run: ({ redo }) => redo(),
  },
  { id: "page.help", keys: ["?"], label: "help.open", group: "page", run: ({ openHelp }) => openHelp() },
];

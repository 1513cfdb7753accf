import type { Command } from "../commands/commands";
import type { Player } from "./player";

/** What a page with a player gives the commands below. */
export interface PlayerContext {
  player: Player;
  frameMs: number;
  toggleLines: () => void;
  openHelp: () => void;
  openGuideline: () => void;
}

const SHORT_MS = 1000;
const LONG_MS = 5000;

/** Moving about in the video: the same keys on every page. */
export const playerCommands: readonly Command<PlayerContext>[] = [
  {
    id: "player.back",
    keys: ["arrowleft"],
    label: "player.back",
    group: "play",
    repeats: true,
    run: ({ player }) => player.seekBy(-LONG_MS),
  },
  {
    id: "player.forward",
    keys: ["arrowright"],
    label: "player.forward",
    group: "play",
    repeats: true,
    run: ({ player }) => player.seekBy(LONG_MS),
  },
  {
    id: "player.backShort",
    keys: ["shift+arrowleft"],
    label: "player.backShort",
    group: "play",
    repeats: true,
    run: ({ player }) => player.seekBy(-SHORT_MS),
  },
  {
    id: "player.forwardShort",
    keys: ["shift+arrowright"],
    label: "player.forwardShort",
    group: "play",
    repeats: true,
    run: ({ player }) => player.seekBy(SHORT_MS),
  },
  {
    id: "player.frameBack",
    keys: [","],
    label: "player.frameBack",
    group: "play",
    repeats: true,
    run: ({ player, frameMs }) => player.stepFrames(-1, frameMs),
  },
  {
    id: "player.frameForward",
    keys: ["."],
    label: "player.frameForward",
    group: "play",
    repeats: true,
    run: ({ player, frameMs }) => player.stepFrames(1, frameMs),
  },
  {
    id: "player.slower",
    keys: ["["],
    label: "player.slower",
    group: "play",
    run: ({ player }) => player.changeRate(-1),
  },
  {
    id: "player.faster",
    keys: ["]"],
    label: "player.faster",
    group: "play",
    run: ({ player }) => player.changeRate(1),
  },
  { id: "player.lines", keys: ["s"], label: "player.lines", group: "play", run: ({ toggleLines }) => toggleLines() },
  {
    id: "player.quieter",
    keys: ["shift+arrowdown"],
    label: "player.quieter",
    group: "play",
    repeats: true,
    run: ({ player }) => player.changeVolume(-1),
  },
  {
    id: "player.louder",
    keys: ["shift+arrowup"],
    label: "player.louder",
    group: "play",
    repeats: true,
    run: ({ player }) => player.changeVolume(1),
  },
  {
    id: "player.mute",
    keys: ["shift+m"],
    label: "player.mute",
    group: "play",
    run: ({ player }) => player.toggleMuted(),
  },
  {
    id: "page.guideline",
    keys: ["g"],
    label: "guideline.open",
    group: "page",
    run: ({ openGuideline }) => openGuideline(),
  },
  { id: "page.help", keys: ["?"], label: "help.open", group: "page", run: ({ openHelp }) => openHelp() },
];

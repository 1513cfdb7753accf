import type { Reason, StateStatus } from "../../api/types";
import type { Command } from "../../commands/commands";
import { type PlayerContext, playerCommands } from "../../media/commands";
import type { Place } from "./answer";

export interface StatesContext extends PlayerContext {
  setStatus: (status: StateStatus) => void;
  toggleReason: (reason: Reason) => void;
  /** 1 to 8: the emotion; once it is chosen, 1 to 3: how strong. */
  digit: (digit: number) => void;
  maySuggest: boolean;
  suggest: () => void;
  back: () => void;
  go: (steps: 1 | -1) => void;
  submit: () => void;
  choosePerson: (place: number) => void;
  toggleUnsure: () => void;
  openComment: () => void;
  pointAt: (kind: Place["kind"]) => void;
  mayWatchContext: boolean;
  watchContext: () => void;
  openHistory: () => void;
}

/**
 * Letters always mean the same; digits belong to the wheel, with Shift to people. One emotion of one character takes five
 * keys: o t 1 2 Enter.
 */
const STATUS_KEYS: readonly (readonly [StateStatus, string])[] = [
  ["absent", "a"],
  ["no_emotion", "n"],
  ["several", "m"],
  ["one", "o"],
];

const REASON_KEYS: readonly (readonly [Reason, string])[] = [
  ["text", "t"],
  ["audio", "u"],
  ["visual", "v"],
  ["context", "c"],
];

/** Evidence: what is said now, the face that is seen now, a span from one press to the next. */
const POINTING_KEYS: readonly (readonly [Place["kind"], string])[] = [
  ["line", "e"],
  ["track", "f"],
  ["span", "d"],
];

export const statesCommands: readonly Command<StatesContext>[] = [
  ...STATUS_KEYS.map(
    ([status, key]): Command<StatesContext> => ({
      id: `status.${status}`,
      keys: [key],
      label: `states.key.${status}`,
      group: "answer",
      run: ({ setStatus }) => setStatus(status),
    }),
  ),
  ...REASON_KEYS.map(
    ([reason, key]): Command<StatesContext> => ({
      id: `reason.${reason}`,
      keys: [key],
      label: `states.reason.${reason}`,
      group: "answer",
      run: ({ toggleReason }) => toggleReason(reason),
    }),
  ),
  {
    id: "states.digit",
    keys: ["1", "2", "3", "4", "5", "6", "7", "8"],
    label: "states.digit",
    group: "answer",
    run: ({ digit }, place) => digit(place + 1),
  },
  { id: "states.back", keys: ["backspace"], label: "states.undoStep", group: "answer", run: ({ back }) => back() },
  {
    id: "states.suggest",
    keys: ["h"],
    label: "states.suggest",
    group: "answer",
    run: ({ suggest }) => suggest(),
    available: ({ maySuggest }) => maySuggest,
  },
  { id: "states.submit", keys: ["enter"], label: "states.submit", group: "answer", run: ({ submit }) => submit() },
  { id: "states.previous", keys: ["arrowup"], label: "states.previous", group: "answer", run: ({ go }) => go(-1) },
  { id: "states.next", keys: ["arrowdown"], label: "states.next", group: "answer", run: ({ go }) => go(1) },
  {
    id: "states.person",
    keys: [1, 2, 3, 4, 5, 6, 7, 8].map((digit) => `shift+${digit}`),
    label: "states.person",
    group: "answer",
    run: ({ choosePerson }, place) => choosePerson(place),
  },
  {
    id: "states.unsure",
    keys: ["q"],
    label: "states.unsure",
    group: "remark",
    run: ({ toggleUnsure }) => toggleUnsure(),
  },
  {
    id: "states.comment",
    keys: ["w"],
    label: "states.comment",
    group: "remark",
    run: ({ openComment }) => openComment(),
  },
  ...POINTING_KEYS.map(
    ([kind, key]): Command<StatesContext> => ({
      id: `point.${kind}`,
      keys: [key],
      label: `states.point.${kind}`,
      group: "remark",
      run: ({ pointAt }) => pointAt(kind),
    }),
  ),
  {
    id: "states.history",
    keys: ["b"],
    label: "states.history",
    group: "page",
    run: ({ openHistory }) => openHistory(),
  },
  {
    id: "states.context",
    keys: ["p"],
    label: "states.watchContext",
    group: "play",
    run: ({ watchContext }) => watchContext(),
    available: ({ mayWatchContext }) => mayWatchContext,
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

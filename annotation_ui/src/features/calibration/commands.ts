import type { Command } from "../../commands/commands";

export interface CalibrationContext {
  isRunning: boolean;
  start: () => void;
  press: () => void;
  stop: () => void;
}

export const calibrationCommands: readonly Command<CalibrationContext>[] = [
  {
    id: "calibration.press",
    keys: ["space"],
    label: "calibration.press",
    group: "mark",
    run: ({ isRunning, start, press }) => (isRunning ? press() : start()),
  },
  {
    id: "calibration.stop",
    keys: ["escape"],
    label: "calibration.stop",
    group: "page",
    available: ({ isRunning }) => isRunning,
    run: ({ stop }) => stop(),
  },
];

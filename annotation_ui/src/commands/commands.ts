import type { TextKey } from "../i18n";

export type CommandGroup = "mark" | "answer" | "remark" | "play" | "page";

/** One thing a page can do. The table of a page feeds its keys, buttons, tooltips and help. */
export interface Command<Context> {
  /** The same wherever the command is used: who changes its keys changes them on every page. */
  id: string;
  /** The first is the one shown on buttons; "" is none. */
  keys: readonly string[];
  label: TextKey;
  group: CommandGroup;
  /** `place` says which of its keys was pressed, for a command with a row of keys such as 1 to 8. */
  run: (context: Context, place: number) => void;
  available?: (context: Context) => boolean;
  /** Whether holding the key down runs it again and again. */
  repeats?: boolean;
}

/** A command tied to the page's present state. */
export interface BoundCommand {
  id: string;
  keys: readonly string[];
  label: TextKey;
  group: CommandGroup;
  disabled: boolean;
  run: () => void;
}

export function commandForKey<Context>(
  commands: readonly Command<Context>[],
  key: string,
): Command<Context> | undefined {
  return key === "" ? undefined : commands.find((command) => command.keys.includes(key));
}

/** Keys that two commands of one table claim: always empty in a correct table. */
export function doubledKeys<Context>(commands: readonly Command<Context>[]): string[] {
  const keys = commands.flatMap((command) => command.keys).filter((key) => key !== "");
  return keys.filter((key, place) => keys.indexOf(key) !== place);
}

import { expect, test } from "vitest";
import { dialogueCommands } from "../features/dialogue/commands";
import { locateCommands } from "../features/locate/commands";
import { momentsCommands } from "../features/moments/commands";
import { peopleCommands } from "../features/people/commands";
import { questionnaireCommands } from "../features/personality/commands";
import { relateCommands } from "../features/relate/commands";
import { emotionsCommands } from "../features/samples/commands";
import { statesCommands } from "../features/states/commands";
import { storyboardCommands } from "../features/storyboard/commands";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { doubledKeys } from "./commands";
import { ariaKey, isTyping, keyCaps, keyName } from "./keys";

const press = (key: string, part: Partial<KeyboardEvent> = {}) =>
  keyName({ key, code: "", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...part });

test.each([
  [press(" "), "space"],
  [press(" ", { shiftKey: true }), "shift+space"],
  [press("Z", { shiftKey: true, ctrlKey: true }), "ctrl+shift+z"],
  [press("z", { metaKey: true }), "ctrl+z"],
  [press("?", { shiftKey: true }), "?"],
  [press("ArrowLeft", { shiftKey: true }), "shift+arrowleft"],
  [press("，"), ","],
  [press("【"), "["],
  [press("ф", { code: "KeyA" }), "a"],
  [press("!", { code: "Digit1", shiftKey: true }), "shift+1"],
  [press("&", { code: "Digit1" }), "1"],
  [press("?", { code: "Digit0", shiftKey: true }), "?"],
])("a key press has one name: %s", (name, expected) => expect(name).toBe(expected));

test("Alt belongs to the browser", () => expect(press("ArrowLeft", { altKey: true })).toBeNull());

test("keys are shown as they stand on the keyboard, and told to screen readers", () => {
  expect(keyCaps("shift+x")).toEqual(["Shift", "X"]);
  expect(ariaKey("shift+arrowleft")).toBe("Shift+ArrowLeft");
  expect(ariaKey("ctrl+z")).toBe("Control+Z");
});

test("typing is typing, and a tick box is not", () => {
  const input = document.createElement("input");
  expect(isTyping(input)).toBe(true);
  input.type = "checkbox";
  expect(isTyping(input)).toBe(false);
  expect(isTyping(document.createElement("textarea"))).toBe(true);
});

test.each([
  ["moments", momentsCommands],
  ["states", statesCommands],
  ["emotions", emotionsCommands],
  ["questionnaire", questionnaireCommands],
  ["dialogue", dialogueCommands],
  ["locate", locateCommands],
  ["storyboard", storyboardCommands],
  ["people", peopleCommands],
  ["relate", relateCommands],
])("no two commands of the %s page claim one key, and none uses Alt", (_, commands) => {
  const all = commands as readonly { keys: readonly string[] }[];
  expect(doubledKeys(all as typeof momentsCommands)).toEqual([]);
  expect(all.flatMap((command) => command.keys).filter((key) => key.includes("alt"))).toEqual([]);
});

function paths(tree: object, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "object" ? paths(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

test("both languages have the same texts, none of them empty", () => {
  const plural = /_(one|other)$/;
  const english = new Set(paths(en).map((path) => path.replace(plural, "")));
  const chinese = new Set(paths(zh).map((path) => path.replace(plural, "")));
  expect([...english].filter((path) => !chinese.has(path))).toEqual([]);
  expect([...chinese].filter((path) => !english.has(path))).toEqual([]);
});

/** Key names as commands write them: `space`, `shift+space`, `x`, `ctrl+z`, `arrowleft`, `?`. */

type KeyPress = Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

/** A Chinese input method sends these for the keys beside Enter, also outside text fields. */
const FULL_WIDTH: Readonly<Record<string, string>> = {
  "，": ",",
  "。": ".",
  "【": "[",
  "】": "]",
  "？": "?",
  "　": "space",
};

/** Signs that are keys of commands, wherever a layout has them. */
const SIGNS = new Set(["?", ",", ".", "[", "]"]);

function plainName({ key, code }: KeyPress): string {
  if (key === " ") return "space";
  const narrow = FULL_WIDTH[key];
  if (narrow) return narrow;
  // Digits go by their place: a French keyboard writes them with Shift only, and elsewhere Shift makes signs of them.
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit && !SIGNS.has(key)) return digit;
  // A layout without Latin letters (Greek, Russian...): go by the place of the key.
  if (key.length === 1 && key > "\x7f") {
    const letter = /^Key([A-Z])$/.exec(code)?.[1];
    if (letter) return letter.toLowerCase();
  }
  return key.toLowerCase();
}

/** Whether only a key that goes with others is down so far. */
export function isModifier({ key }: Pick<KeyboardEvent, "key">): boolean {
  return ["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock"].includes(key);
}

/** The name of a key press, or null where a browser or system shortcut is meant (Alt). */
export function keyName(press: KeyPress): string | null {
  if (press.altKey) return null;
  const name = plainName(press);
  const isSymbol = name.length === 1 && !/[a-z0-9]/.test(name); // Shift is part of how it is written
  const shift = press.shiftKey && !isSymbol ? "shift+" : "";
  const ctrl = press.ctrlKey || press.metaKey ? "ctrl+" : "";
  return `${ctrl}${shift}${name}`;
}

const SHOWN: Readonly<Record<string, string>> = {
  space: "Space",
  shift: "Shift",
  ctrl: "Ctrl",
  enter: "Enter",
  delete: "Del",
  backspace: "⌫",
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
  escape: "Esc",
};

/** The parts of a key as they stand on the keyboard: `shift+x` gives ["Shift", "X"]. */
export function keyCaps(key: string): string[] {
  return key.split("+").map((part) => SHOWN[part] ?? part.toUpperCase());
}

/** The key in the notation of `aria-keyshortcuts`: `shift+x` gives "Shift+X". */
export function ariaKey(key: string): string {
  const names: Readonly<Record<string, string>> = { ctrl: "Control", space: "Space", delete: "Delete" };
  return key
    .split("+")
    .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : capitalised(part)))
    .join("+");
}

function capitalised(name: string): string {
  const arrow = /^arrow(\w)(\w+)$/.exec(name);
  if (arrow) return `Arrow${arrow[1]?.toUpperCase()}${arrow[2]}`;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const TEXT_INPUTS = new Set(["text", "search", "email", "number", "password", "tel", "url", "date", "time"]);

/** Whether bare keys are typing there. */
export function isTyping(element: Element | null): boolean {
  if (element instanceof HTMLInputElement) return TEXT_INPUTS.has(element.type);
  return (
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    (element instanceof HTMLElement && element.isContentEditable)
  );
}

/** Whether the element uses Space and Enter itself. Only keyboards put focus there: see `useCommands`. */
export function takesActivation(element: Element | null): boolean {
  return (
    element?.closest("button, a[href], input, select, summary, [role=button], [role=radio], [role=menuitem]") != null
  );
}

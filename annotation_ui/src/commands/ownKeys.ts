import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../api/session";

/** Command id -> its keys, for the commands whose keys the person has changed. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>;

interface HasKeys {
  id: string;
  keys: readonly string[];
}

const NONE: OwnKeys = {};

/** The keys that the person who is logged in has chosen; they are the server's, and follow to every computer. */
export function useOwnKeys(): OwnKeys {
  return useQuery({ ...sessionQuery, enabled: false }).data?.user?.keys ?? NONE;
}

/** Whether a choice still fits the command: a later version may have given it more keys, or fewer. */
function chosenFor({ id, keys }: HasKeys, own: OwnKeys): readonly string[] | undefined {
  const chosen = own[id];
  return chosen?.length === keys.length ? chosen : undefined;
}

/**
 * A table of commands with one's own keys. Where a key that somebody chose is one that another command came with, the
 * choice counts: a later version must not take a key away.
 */
export function withOwnKeys<C extends HasKeys>(commands: readonly C[], own: OwnKeys): readonly C[] {
  const taken = new Set(commands.flatMap((command) => chosenFor(command, own) ?? []));
  if (taken.size === 0) return commands;
  return commands.map((command) => {
    const keys = chosenFor(command, own) ?? command.keys.map((key) => (taken.has(key) ? "" : key));
    return { ...command, keys };
  });
}

/** Keys that the browser, the system or moving about with Tab needs; no command may have them. */
export function belongsToBrowser(key: string): boolean {
  if (key.startsWith("ctrl+")) return true;
  const plain = key.replace(/^shift\+/, "");
  return /^f\d+$/.test(plain) || RESERVED.has(plain);
}

const RESERVED = new Set([
  "tab",
  "escape",
  "shift",
  "control",
  "meta",
  "alt",
  "altgraph",
  "capslock",
  "contextmenu",
  "dead",
  "process",
  "unidentified",
]);

/** A key of a command: which command, and which of its keys. */
export interface Slot {
  id: string;
  place: number;
}

/** A page with its commands. The same command may stand on several. */
export type Table = readonly HasKeys[];

/** The other keys that would be the same on a page on which the slot's command stands. */
export function clashes(tables: readonly Table[], own: OwnKeys, slot: Slot, key: string): Slot[] {
  const found = new Map<string, Slot>();
  for (const table of tables) {
    if (!table.some(({ id }) => id === slot.id)) continue;
    for (const { id, keys } of withOwnKeys(table, own)) {
      keys.forEach((one, place) => {
        if (one === key && !(id === slot.id && place === slot.place)) found.set(`${id} ${place}`, { id, place });
      });
    }
  }
  return [...found.values()];
}

/** One's own keys with another key in some slots. What is as it came is left out. */
export function withKey(
  tables: readonly Table[],
  own: OwnKeys,
  changes: readonly (readonly [Slot, string])[],
): Record<string, string[]> {
  const came = new Map(tables.flat().map((command) => [command.id, command.keys]));
  const now: Record<string, string[]> = Object.fromEntries(Object.entries(own).map(([id, keys]) => [id, [...keys]]));
  for (const [{ id, place }, key] of changes) {
    const shown = tables.map((table) => withOwnKeys(table, own).find((command) => command.id === id)).find(Boolean);
    const keys = now[id] ?? [...(shown?.keys ?? [])];
    keys[place] = key;
    now[id] = keys;
  }
  return Object.fromEntries(Object.entries(now).filter(([id, keys]) => came.get(id)?.join("\n") !== keys.join("\n")));
}

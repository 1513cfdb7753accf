import { useEffect, useState } from "react";
import { useKeepPreferences } from "../../api/session";
import { isModifier, keyName } from "../../commands/keys";
import {
  belongsToBrowser,
  clashes,
  type OwnKeys,
  type Slot,
  useOwnKeys,
  withKey,
  withOwnKeys,
} from "../../commands/ownKeys";
import { TABLES } from "./pages";

/** Why the pressed key was not taken: the browser's, or other commands' (which could have the slot's key instead). */
export type Refusal = { key: string; why: "browser" } | { key: string; why: "taken"; by: Slot[]; canSwap: boolean };

const EMPTY = "";

/** Waits for the key that a slot is to have, and keeps it with the account. Two commands of a page never share one. */
export function useKeyChange() {
  const own = useOwnKeys();
  const keep = useKeepPreferences();
  const [slot, setSlot] = useState<Slot>();
  const [refusal, setRefusal] = useState<Refusal>();

  function store(keys: Record<string, string[]>) {
    setSlot(undefined);
    setRefusal(undefined);
    keep.mutate({ keys });
  }

  function press(at: Slot, key: string) {
    if (key === "escape") return setSlot(undefined);
    if (key === "delete") return store(withKey(TABLES, own, [[at, EMPTY]]));
    if (belongsToBrowser(key)) return setRefusal({ key, why: "browser" });
    const by = clashes(TABLES, own, at, key);
    if (by.length === 0) return store(withKey(TABLES, own, [[at, key]]));
    setRefusal({ key, why: "taken", by, canSwap: isClean(swapped(own, at, key, by)) });
  }

  useEffect(() => {
    if (!slot || (refusal?.why === "taken" && refusal.canSwap)) return;
    function onKeyDown(event: KeyboardEvent) {
      if (!slot || isModifier(event)) return;
      event.preventDefault();
      event.stopPropagation();
      press(slot, keyName(event) ?? "alt");
    }
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  });

  return {
    own,
    slot,
    refusal,
    error: keep.error,
    busy: keep.isPending,
    change: (at: Slot) => {
      setSlot(at);
      setRefusal(undefined);
    },
    leave: () => {
      setSlot(undefined);
      setRefusal(undefined);
    },
    swap: () => {
      if (slot && refusal?.why === "taken") store(swapped(own, slot, refusal.key, refusal.by));
    },
    reset: (id: string) =>
      store(
        Object.fromEntries(
          Object.entries(own)
            .filter(([one]) => one !== id)
            .map(copied),
        ),
      ),
    resetAll: () => store({}),
  };
}

export type KeyChange = ReturnType<typeof useKeyChange>;

function copied([id, keys]: readonly [string, readonly string[]]): [string, string[]] {
  return [id, [...keys]];
}

/** The key that a slot has now. */
export function keyIn(own: OwnKeys, { id, place }: Slot): string {
  const table = TABLES.find((one) => one.some((command) => command.id === id)) ?? [];
  return withOwnKeys(table, own).find((command) => command.id === id)?.keys[place] ?? EMPTY;
}

function swapped(own: OwnKeys, at: Slot, key: string, by: readonly Slot[]): Record<string, string[]> {
  const old = keyIn(own, at);
  return withKey(TABLES, own, [[at, key], ...by.map((slot): [Slot, string] => [slot, old])]);
}

function isClean(own: OwnKeys): boolean {
  return TABLES.every((table) => {
    const keys = withOwnKeys(table, own).flatMap((command) => command.keys.filter(Boolean));
    return new Set(keys).size === keys.length;
  });
}

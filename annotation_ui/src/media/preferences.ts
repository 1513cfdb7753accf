import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { sessionQuery } from "../api/session";
import { type Player, RATES } from "./player";

/** How somebody likes to watch, on this computer. */
export interface Preferences {
  rate: number;
  /** 0 to 1. */
  volume: number;
  muted: boolean;
  showLines: boolean;
}

export const PLAIN: Preferences = { rate: 1, volume: 1, muted: false, showLines: true };

const keyOf = (user: number) => `affectory:player:${user}`;

/** What was kept; what is missing or makes no sense is as for a new person. */
export function readPreferences(user: number, storage: Storage = window.localStorage): Preferences {
  try {
    const kept = JSON.parse(storage.getItem(keyOf(user)) ?? "{}") as Partial<Preferences>;
    return {
      rate: RATES.find((rate) => rate === kept.rate) ?? PLAIN.rate,
      volume: typeof kept.volume === "number" && kept.volume >= 0 && kept.volume <= 1 ? kept.volume : PLAIN.volume,
      muted: kept.muted === true,
      showLines: kept.showLines !== false,
    };
  } catch {
    return PLAIN;
  }
}

export function keepPreferences(user: number, preferences: Preferences, storage: Storage = window.localStorage): void {
  try {
    storage.setItem(keyOf(user), JSON.stringify(preferences));
  } catch {
    // A full storage loses only this convenience.
  }
}

/** Give the player the speed and the volume of last time, and keep what changes. Returns the subtitles' switch. */
export function usePlayerPreferences(player: Player): { showLines: boolean; toggleLines: () => void } {
  const user = useQuery(sessionQuery).data?.user?.id ?? 0;
  const [first] = useState(() => readPreferences(user));
  const [showLines, setShowLines] = useState(first.showLines);
  useEffect(() => {
    player.prefer(first);
    let kept = first;
    return player.subscribe(() => {
      const { rate, volume, muted } = player.snapshot;
      if (rate === kept.rate && volume === kept.volume && muted === kept.muted) return;
      kept = { ...readPreferences(user), rate, volume, muted };
      keepPreferences(user, kept);
    });
  }, [player, user, first]);
  function toggleLines() {
    setShowLines(!showLines);
    keepPreferences(user, { ...readPreferences(user), showLines: !showLines });
  }
  return { showLines, toggleLines };
}

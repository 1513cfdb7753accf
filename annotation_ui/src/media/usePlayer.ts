import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { itemAt } from "./intervals";
import { Player, type PlayerState } from "./player";

export function usePlayer(): Player {
  const [player] = useState(() => new Player());
  const { playing } = usePlayerState(player);
  useEffect(() => {
    if (!playing) return;
    let frame = requestAnimationFrame(function draw() {
      player.tick();
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [player, playing]);
  return player;
}

export function usePlayerState(player: Player): PlayerState {
  return useSyncExternalStore(player.subscribe, () => player.snapshot);
}

/** Call `draw` with the time of the video whenever it may have changed, without rendering anything. */
export function useClock(player: Player, draw: (timeMs: number) => void): void {
  const latest = useRef(draw);
  useLayoutEffect(() => {
    latest.current = draw;
  });
  useEffect(() => player.watchClock((timeMs) => latest.current(timeMs)), [player]);
}

/** The item that runs now. Renders its component when another one begins, not on every tick. */
export function useItemNow<T extends { start_ms: number; end_ms: number }>(
  player: Player,
  items: readonly T[],
): T | undefined {
  const [now, setNow] = useState<T>();
  useClock(player, (timeMs) => setNow(itemAt(items, timeMs)));
  return now;
}

import { useCallback, useEffect, useRef } from "react";
import type { Player } from "./player";

/** Returns how to play a span once, from its start to its end. Whoever seeks elsewhere meanwhile plays on from there. */
export function usePlaySpan(player: Player): (startMs: number, endMs: number) => void {
  const stop = useRef<() => void>(() => {});
  useEffect(() => () => stop.current(), []);
  return useCallback(
    (startMs: number, endMs: number) => {
      stop.current();
      player.seek(startMs);
      player.play();
      const unwatch = player.watchClock((timeMs) => {
        const elsewhere = timeMs < startMs - 400 || timeMs > endMs + 400;
        if (timeMs >= endMs && !elsewhere) player.pause();
        if (timeMs >= endMs || elsewhere) stop.current();
      });
      stop.current = () => {
        unwatch();
        stop.current = () => {};
      };
    },
    [player],
  );
}

import { useRef } from "react";
import type { Clip } from "../../api/types";
import type { Player } from "../../media/player";
import { useClock } from "../../media/usePlayer";

/** More between two looks at the clock is a jump and not something watched. */
const LONGEST_STEP_MS = 1500;
/** So often what was watched is noted; every drawn frame would be too much. */
const NOTED_EVERY_MS = 250;

/** Count how much of what comes before the clip is watched. */
export function useContextWatched(player: Player, clip: Clip, onWatched: (contextMs: number) => void): void {
  const last = useRef<number>(undefined);
  const sum = useRef(0);
  useClock(player, (timeMs) => {
    const before = last.current;
    last.current = timeMs;
    if (before === undefined || !player.snapshot.playing) return;
    const step = Math.min(timeMs, clip.start_ms) - Math.min(before, clip.start_ms);
    if (step > 0 && step <= LONGEST_STEP_MS) sum.current += step;
    if (sum.current > 0 && (sum.current >= NOTED_EVERY_MS || timeMs >= clip.start_ms)) {
      onWatched(sum.current);
      sum.current = 0;
    }
  });
}

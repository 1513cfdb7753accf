import { queryOptions } from "@tanstack/react-query";
import { ApiError } from "../api/client";
import type { EpisodeMedia } from "../api/types";
import type { Window } from "./ruler";

export type WaveformSource = NonNullable<EpisodeMedia["waveform"]>;

/** The episode's peaks, one byte each; loaded once. */
export const peaksQuery = (source: WaveformSource | null) =>
  queryOptions({
    queryKey: ["peaks", source?.url],
    queryFn: async ({ signal }) => {
      const answer = await fetch(source?.url ?? "", { signal });
      if (!answer.ok) throw new ApiError(answer.status, "refused", `The server answered ${answer.status}.`);
      return new Uint8Array(await answer.arrayBuffer());
    },
    enabled: source !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });

/**
 * How high each of `columns` bars of a window is, 0 to 1: the loudest of the peaks that a bar covers, and at least the
 * one at its place where bars are narrower than peaks. Outside of the episode there is silence.
 */
export function barsOf(peaks: Uint8Array, rateHz: number, [startMs, endMs]: Window, columns: number): Float32Array {
  const bars = new Float32Array(Math.max(columns, 0));
  const perColumn = ((endMs - startMs) / 1000) * (rateHz / columns);
  const first = (startMs / 1000) * rateHz;
  for (let column = 0; column < columns; column++) {
    const from = Math.floor(first + column * perColumn);
    const until = Math.max(Math.ceil(first + (column + 1) * perColumn), from + 1);
    let loudest = 0;
    for (let place = Math.max(from, 0); place < Math.min(until, peaks.length); place++) {
      loudest = Math.max(loudest, peaks[place] ?? 0);
    }
    bars[column] = loudest / 255;
  }
  return bars;
}

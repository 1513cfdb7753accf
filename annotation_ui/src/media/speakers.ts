import type { Segment } from "../api/types";
import type { Lane } from "./Timeline";

/** How many colours `styles.css` has for people. */
const TONES = 8;

/** A colour number per speaker, in the order in which they come; the main characters first, so that theirs never change. */
export function speakerTones(speakers: Iterable<string>, first: readonly string[] = []): Map<string, number> {
  const tones = new Map<string, number>();
  for (const name of [...first, ...speakers]) {
    if (name && !tones.has(name)) tones.set(name, tones.size % TONES);
  }
  return tones;
}

/** Segments as a lane: spoken ones in their speaker's colour with name and text, visual ones hatched. */
export function segmentLane(
  segments: readonly Segment[],
  tones: ReadonlyMap<string, number>,
  words: { label: string; visual: string },
): Lane {
  return {
    id: "segments",
    label: words.label,
    height: "normal",
    items: segments.map((segment) => {
      if (segment.kind === "visual") {
        return {
          key: segment.index,
          startMs: segment.start_ms,
          endMs: segment.end_ms,
          text: words.visual,
          faint: true,
        };
      }
      const text = segment.speaker ? `${segment.speaker}: ${segment.text}` : segment.text;
      const tone = tones.get(segment.speaker);
      return {
        key: segment.index,
        startMs: segment.start_ms,
        endMs: segment.end_ms,
        text,
        ...(tone === undefined ? {} : { tone }),
      };
    }),
  };
}

import { useState } from "react";
import type { Player } from "../../media/player";
import type { Window } from "../../media/ruler";
import { useClock } from "../../media/usePlayer";
import type { Story } from "./interactions";

/** A scene is shown with so much around it, and never less than a minute: shots that stand alone would flicker by. */
const AROUND_MS = 5000;
const SHORTEST_MS = 60_000;

/** The part of an episode in which a story segment is shown. */
export function windowAround(startMs: number, endMs: number, lengthMs: number): Window {
  const missing = Math.max(0, SHORTEST_MS - (endMs - startMs + 2 * AROUND_MS)) / 2;
  const from = Math.max(0, Math.min(startMs - AROUND_MS - missing, lengthMs - SHORTEST_MS));
  return [Math.round(from), Math.round(Math.min(lengthMs, Math.max(endMs + AROUND_MS + missing, from + SHORTEST_MS)))];
}

/** The story segment that runs at a time. */
export function storyAt(stories: readonly Story[], timeMs: number): Story | undefined {
  return stories.find((story) => timeMs < story.end_ms) ?? stories.at(-1);
}

/**
 * The part of the episode that the timeline shows, and the story segment the video is in. While the video plays the
 * part stands still until the needle leaves it, like a page that is turned.
 */
export function useWindow(player: Player, stories: readonly Story[], lengthMs: number) {
  const around = (timeMs: number): Window => {
    const story = storyAt(stories, timeMs);
    return windowAround(story?.start_ms ?? timeMs, story?.end_ms ?? timeMs, lengthMs);
  };
  const [window, setWindow] = useState(() => around(player.timeMs));
  const [story, setStory] = useState(() => storyAt(stories, player.timeMs));
  useClock(player, (timeMs) => {
    setStory(storyAt(stories, timeMs));
    if (timeMs < window[0] || timeMs > window[1]) setWindow(around(timeMs));
  });

  /** Show a span whole, moving only where it is not. */
  function show(startMs: number, endMs: number) {
    if (startMs >= window[0] && endMs <= window[1]) return;
    const home = storyAt(stories, startMs);
    setWindow(
      windowAround(Math.min(home?.start_ms ?? startMs, startMs), Math.max(home?.end_ms ?? endMs, endMs), lengthMs),
    );
  }

  return { window, story, show };
}

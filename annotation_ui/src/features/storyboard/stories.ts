import type { Storyboard } from "../../api/types";
import type { Change, Entry } from "../../saving/changes";

/** What an admin says of the place between two shots: the second one begins a story segment, or does not. */
export type StoryEdit = Extract<Change, { type: "story" }>;

/** A story segment: places in the list of shots, the last one included. */
export interface Scene {
  first: number;
  last: number;
}

export function scenesOf(page: Pick<Storyboard, "stories">): Scene[] {
  return page.stories.map((story) => ({ first: story.first_shot, last: story.last_shot }));
}

/** The scenes after an edit at the shot of that place. The first shot always begins a scene. */
export function withEdit(scenes: readonly Scene[], kind: StoryEdit["kind"], place: number): Scene[] {
  if (place <= 0) return [...scenes];
  const edited: Scene[] = [];
  for (const scene of scenes) {
    const before = edited.at(-1);
    if (kind === "join" && before && scene.first === place) edited[edited.length - 1] = { ...before, last: scene.last };
    else if (kind === "split" && scene.first < place && place <= scene.last) {
      edited.push({ first: scene.first, last: place - 1 }, { first: place, last: scene.last });
    } else edited.push(scene);
  }
  return edited;
}

/** Edits of an episode's storyboard among what is on its way, or what the server has accepted. */
export function editsAmong(changes: readonly object[], project: number, episode: number): StoryEdit[] {
  return changes.filter(
    (one): one is StoryEdit =>
      "type" in one &&
      one.type === "story" &&
      (one as StoryEdit).project === project &&
      (one as StoryEdit).episode === episode,
  );
}

export function changesOf(entries: readonly Entry[]): Change[] {
  return entries.map(({ change }) => change);
}

export interface ThreadMark {
  /** A, B, C... by first appearance in the scene. */
  letter: string;
  tone: number;
}

const TONES = 8;

/** Shot number -> the mark of its camera's view; a view that is seen once in a scene has none. */
export function threadMarks(
  scenes: readonly Scene[],
  shots: readonly { index: number }[],
  threads: readonly (readonly number[])[],
): Map<number, ThreadMark> {
  const threadOf = new Map(threads.flatMap((thread, number) => thread.map((shot) => [shot, number] as const)));
  const marks = new Map<number, ThreadMark>();
  for (const { first, last } of scenes) {
    const inside = shots.slice(first, last + 1).map(({ index }) => index);
    const times = new Map<number, number>();
    for (const shot of inside) {
      const thread = threadOf.get(shot);
      if (thread !== undefined) times.set(thread, (times.get(thread) ?? 0) + 1);
    }
    const seen: number[] = [...times.keys()].filter((thread) => (times.get(thread) ?? 0) > 1);
    for (const shot of inside) {
      const place = seen.indexOf(threadOf.get(shot) ?? -1);
      if (place >= 0) marks.set(shot, { letter: letterOf(place), tone: place % TONES });
    }
  }
  return marks;
}

/** A to Z, then AA, AB... */
function letterOf(place: number): string {
  const before = Math.floor(place / 26);
  return (before > 0 ? letterOf(before - 1) : "") + String.fromCharCode(65 + (place % 26));
}

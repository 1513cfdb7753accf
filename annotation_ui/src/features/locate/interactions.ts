import type { Interaction, Locating } from "../../api/types";
import type { Entry } from "../../saving/changes";

export type Facts = Pick<Locating, "stories" | "shots" | "lines" | "people" | "limits">;
export type Story = Locating["stories"][number];
export type Person = Locating["people"][number];
export type Offer = Locating["suggestions"][number];

/** An interaction as the page shows it. One that is removed and names a suggestion says that it was refused. */
export interface Mark {
  id: string;
  startMs: number;
  endMs: number;
  removed: boolean;
  suggestion: string;
}

export type Problem = "too_short" | "too_long" | "leaves_story" | "too_few_people" | "too_many_people";

/** All interactions, removed ones too: what the server has, and over it what is on its way, in the order made. */
export function currentMarks(saved: readonly Interaction[], entries: readonly Entry[]): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const one of saved) {
    const { id, start_ms: startMs, end_ms: endMs, removed, suggestion } = one;
    marks.set(id, { id, startMs, endMs, removed, suggestion });
  }
  for (const { change } of entries) {
    if (change.type !== "interaction") continue;
    const { interaction: id, start_ms: startMs, end_ms: endMs, removed, suggestion } = change.mark;
    marks.set(id, { id, startMs, endMs, removed, suggestion });
  }
  return marks;
}

export function standing(marks: Iterable<Mark>): Mark[] {
  return [...marks]
    .filter((mark) => !mark.removed)
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.id.localeCompare(b.id));
}

/** Suggestions that nobody has answered: not taken, not refused, and not marked by hand already. */
export function openOffers(offers: readonly Offer[], marks: Iterable<Mark>): Offer[] {
  const all = [...marks];
  const answered = new Set(all.map((mark) => mark.suggestion));
  const there = all.filter((mark) => !mark.removed);
  return offers.filter((offer) => !answered.has(offer.key) && !there.some((mark) => shareOf(mark, offer) > SAME_SHARE));
}

/** More than this of what both cover makes a mark and a suggestion the same. */
const SAME_SHARE = 0.5;

function shareOf(mark: Mark, offer: Offer): number {
  const both = Math.max(0, Math.min(mark.endMs, offer.end_ms) - Math.max(mark.startMs, offer.start_ms));
  return both / (mark.endMs - mark.startMs + offer.end_ms - offer.start_ms - both);
}

/** Who is seen in a span, longest first. */
export function seenIn(people: readonly Person[], startMs: number, endMs: number): Person[] {
  const seen = people.map((person) => {
    const parts = person.spans.map(([from = 0, to = 0]) => Math.max(0, Math.min(to, endMs) - Math.max(from, startMs)));
    return { person, ms: parts.reduce((sum, part) => sum + part, 0) };
  });
  return seen
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms)
    .map(({ person }) => person);
}

/** Why the clip of a span would be dropped, or what else is odd about it. None of it forbids the mark. */
export function problemsOf(startMs: number, endMs: number, facts: Facts): Problem[] {
  const { limits } = facts;
  const lengthMs = endMs - startMs;
  const people = seenIn(facts.people, startMs, endMs).length;
  const inStory = facts.stories.some((story) => story.start_ms <= startMs && endMs <= story.end_ms);
  const found: [Problem, boolean][] = [
    ["too_short", lengthMs < limits.shortest_ms],
    ["too_long", lengthMs > limits.longest_ms],
    ["too_few_people", people < limits.fewest_people],
    ["too_many_people", people > limits.most_people],
    ["leaves_story", facts.stories.length > 0 && !inStory],
  ];
  return found.filter(([, holds]) => holds).map(([problem]) => problem);
}

/** Where shots and subtitle lines begin and end, in order. */
export function edgesOf({ shots, lines }: Pick<Facts, "shots" | "lines">): number[] {
  const edges = [...shots, ...lines].flatMap((one) => [one.start_ms, one.end_ms]);
  return [...new Set(edges)].sort((a, b) => a - b);
}

/** The edge nearest to a time; the time itself where there is none within reach. */
export function snapped(edges: readonly number[], timeMs: number, reachMs = Number.POSITIVE_INFINITY): number {
  let nearest: number | undefined;
  for (const edge of edges) {
    if (nearest === undefined || Math.abs(edge - timeMs) < Math.abs(nearest - timeMs)) nearest = edge;
  }
  return nearest !== undefined && Math.abs(nearest - timeMs) <= reachMs ? nearest : timeMs;
}

/** What the annotator did to an interaction, and can take back. */
export interface Step {
  before: Mark | null;
  after: Mark;
}

/** What taking a step back says. A suggestion that was taken or refused waits for an answer again. */
export function takenBack({ before, after }: Step): Mark {
  return before ?? { ...after, removed: true, suggestion: "" };
}

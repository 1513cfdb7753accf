import fc from "fast-check";
import { expect, test } from "vitest";
import type { Interaction } from "../../api/types";
import type { Entry } from "../../saving/changes";
import {
  currentMarks,
  edgesOf,
  type Facts,
  type Mark,
  openOffers,
  problemsOf,
  seenIn,
  snapped,
  standing,
  takenBack,
} from "./interactions";
import { windowAround } from "./useWindow";

function person(id: number, ...spans: [number, number][]): Facts["people"][number] {
  return { id, number: id, name: "", face_url: null, screen_time_ms: 0, spans: spans.map((span) => [...span]) };
}

const facts: Facts = {
  stories: [
    { index: 0, start_ms: 0, end_ms: 20_000, first_shot: 0, last_shot: 1 },
    { index: 1, start_ms: 20_000, end_ms: 90_000, first_shot: 2, last_shot: 2 },
  ],
  shots: [
    { index: 0, start_ms: 0, end_ms: 8000, key_frame_ms: 0 },
    { index: 1, start_ms: 8000, end_ms: 20_000, key_frame_ms: 8000 },
  ],
  lines: [{ index: 0, start_ms: 7800, end_ms: 9500, text: "Hi." }],
  people: [person(1, [0, 50_000]), person(2, [5000, 9000], [10_000, 60_000])],
  limits: { shortest_ms: 5000, longest_ms: 35_000, fewest_people: 2, most_people: 6 },
};

function mark(id: string, startMs: number, endMs: number, part: Partial<Mark> = {}): Mark {
  return { id, startMs, endMs, removed: false, suggestion: "", ...part };
}

function entry(one: Mark): Entry {
  const { id: interaction, startMs: start_ms, endMs: end_ms, removed, suggestion } = one;
  const said = { interaction, start_ms, end_ms, removed, suggestion };
  return { id: `e-${start_ms}`, assignment: 1, item: "", madeAt: 0, change: { type: "interaction", mark: said } };
}

test.each([
  [0, 4999, ["too_short", "too_few_people"]],
  [0, 5001, []],
  [1000, 20_000, []],
  [15_000, 25_000, ["leaves_story"]],
  [20_000, 55_000, []],
  [20_000, 55_001, ["too_long"]],
  [60_000, 70_000, ["too_few_people"]],
])("an interaction from %i to %i ms: %j", (startMs, endMs, expected) => {
  expect(problemsOf(startMs, endMs, facts)).toEqual(expected);
});

test("who is seen longest stands first; who only touches the edge is not there", () => {
  expect(seenIn(facts.people, 4000, 12_000).map(({ id }) => id)).toEqual([1, 2]);
  expect(seenIn(facts.people, 45_000, 60_000).map(({ id }) => id)).toEqual([2, 1]);
  expect(seenIn(facts.people, 0, 5000).map(({ id }) => id)).toEqual([1]);
});

test("a mark jumps to the nearest edge of a shot or line, where one is near", () => {
  const edges = edgesOf(facts);
  expect(edges).toEqual([0, 7800, 8000, 9500, 20_000]);
  expect(snapped(edges, 7910, 250)).toBe(8000);
  expect(snapped(edges, 7890, 250)).toBe(7800);
  expect(snapped(edges, 8400, 250)).toBe(8400);
  expect(snapped(edges, 8400)).toBe(8000);
  expect(snapped([], 5)).toBe(5);
});

test("what is on its way stands over what the server has, the last word counts", () => {
  const saved: Interaction[] = [
    { id: "a", start_ms: 0, end_ms: 9000, removed: false, suggestion: "", warnings: [], created_at: "" },
  ];
  const marks = currentMarks(saved, [entry(mark("b", 3, 9)), entry(mark("a", 5, 9000)), entry(mark("b", 4, 9))]);
  expect(standing(marks.values())).toEqual([mark("b", 4, 9), mark("a", 5, 9000)]);
  const gone = currentMarks(saved, [entry(mark("a", 0, 9000, { removed: true }))]);
  expect(standing(gone.values())).toEqual([]);
});

test("a suggestion waits until it is taken, refused, or marked by hand; taking that back lets it wait again", () => {
  const offers = [{ key: "0-10000", start_ms: 0, end_ms: 10_000, people: [1, 2] }];
  const open = (...marks: Mark[]) => openOffers(offers, marks).length;
  const refused = mark("a", 0, 10_000, { removed: true, suggestion: "0-10000" });
  expect(open()).toBe(1);
  expect(open(refused)).toBe(0);
  expect(open({ ...refused, removed: false })).toBe(0);
  expect(open(takenBack({ before: null, after: refused }))).toBe(1);
  expect(open(mark("b", 1000, 11_000))).toBe(0);
  expect(open(mark("b", 5000, 15_000))).toBe(1);
});

test("taking a change back says what was before it", () => {
  const before = mark("a", 0, 9000);
  expect(takenBack({ before, after: { ...before, startMs: 40 } })).toEqual(before);
});

test("the part shown holds the story segment, a minute at least, and stays inside the episode", () => {
  expect(windowAround(0, 20_000, 90_000)).toEqual([0, 60_000]);
  expect(windowAround(20_000, 90_000, 90_000)).toEqual([15_000, 90_000]);
  expect(windowAround(0, 10_000, 30_000)).toEqual([0, 30_000]);
  fc.assert(
    fc.property(fc.nat(3_600_000), fc.nat(300_000), fc.nat(600_000), (startMs, storyMs, restMs) => {
      const lengthMs = startMs + storyMs + restMs;
      const [from, to] = windowAround(startMs, startMs + storyMs, lengthMs);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(lengthMs);
      expect(from).toBeLessThanOrEqual(startMs);
      expect(to).toBeGreaterThanOrEqual(startMs + storyMs);
      expect(to - from).toBeGreaterThanOrEqual(Math.min(60_000, lengthMs));
    }),
  );
});

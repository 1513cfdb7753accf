import fc from "fast-check";
import { expect, test } from "vitest";
import type { EmotionSet } from "../../api/types";
import { vocabulary } from "../../testing/data";
import { classesOf, familiesOf, flowsOf, isSameSet, toggled, withAtLeast } from "./emotionSet";

function labels(counts: Record<string, number> = {}): EmotionSet["labels"] {
  const names = vocabulary.primaries.flatMap(({ name, fine_grained }) => fine_grained.map((fine) => [fine, name]));
  return [...names, ["neutral", "neutral"]].map(([name = "", primary = ""]) => ({
    name,
    primary,
    samples: counts[name] ?? 0,
    pairs: 0,
  }));
}

test("what is not kept is counted with its primary emotion", () => {
  const flows = flowsOf(labels({ serenity: 5, joy: 7, ecstasy: 2, rage: 3, neutral: 9 }), ["serenity"]);
  const classes = classesOf(flows);
  expect(classes.get("serenity")).toBe(5);
  expect(classes.get("joy")).toBe(9);
  expect(classes.get("anger")).toBe(3);
  expect(classes.get("neutral")).toBe(9);
  expect(classes.has("ecstasy")).toBe(false);
});

test("nothing kept gives the 9 primary classes, the published set 14", () => {
  expect(classesOf(flowsOf(labels(), [])).size).toBe(9);
  const published = ["serenity", "interest", "annoyance", "boredom", "distraction"];
  expect(classesOf(flowsOf(labels(), published)).size).toBe(14);
});

test("no choice loses or makes a sample", () => {
  const names = labels().map(({ name }) => name);
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.nat(1000)), fc.subarray(names), (counts, kept) => {
      const before = labels(counts);
      const total = (numbers: Iterable<number>) => [...numbers].reduce((sum, one) => sum + one, 0);
      const after = classesOf(flowsOf(before, kept));
      expect(total(after.values())).toBe(total(before.map(({ samples }) => samples)));
    }),
  );
});

test("families follow the wheel, and the emotion with the family's own name cannot be chosen", () => {
  const families = familiesOf(labels());
  expect(families.map(({ primary }) => primary)).toEqual([...vocabulary.primaries.map(({ name }) => name), "neutral"]);
  expect(families[0]?.labels.filter(({ isFixed }) => isFixed).map(({ name }) => name)).toEqual(["joy"]);
});

test("what is frequent enough is kept, except what is always a class", () => {
  expect(withAtLeast(labels({ serenity: 10, joy: 50, rage: 9, neutral: 99 }), 10)).toEqual(["serenity"]);
});

test("a set is a set, in any order", () => {
  expect(isSameSet(toggled(toggled(["rage", "grief"], "rage"), "rage"), ["rage", "grief"])).toBe(true);
  expect(isSameSet(["rage"], ["grief"])).toBe(false);
});

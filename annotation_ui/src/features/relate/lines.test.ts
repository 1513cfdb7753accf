import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClipLine } from "../../api/types";
import {
  added,
  type Batch,
  inverse,
  isDoubtful,
  joined,
  moved,
  placeAt,
  removed,
  retyped,
  split,
  splitAtTime,
  withBatch,
} from "./lines";

const CLIP = { start_ms: 1000, end_ms: 9000 };

function line(part: Partial<ClipLine> = {}): ClipLine {
  const found = { name: "found:0", start_ms: 2000, end_ms: 4000, text: "Good morning, June." };
  return { ...found, confidence: 0.9, origin: "ocr", box: [1, 2, 3, 4], edited: false, ...part };
}

const next = line({ name: "found:1", start_ms: 4200, end_ms: 6000, text: "Did you sleep?" });
const texts = (lines: readonly ClipLine[]) => lines.map(({ text }) => text);

test("a line is cut at the cursor, in time by the share of its letters", () => {
  const cut = split(line(), 5, undefined, "new") as Batch;
  expect(
    withBatch([line(), next], cut).map(({ name, start_ms, end_ms, text }) => [name, start_ms, end_ms, text]),
  ).toEqual([
    ["found:0", 2000, 2526, "Good"],
    ["new", 2526, 4000, "morning, June."],
    ["found:1", 4200, 6000, "Did you sleep?"],
  ]);
});

test("a line is cut where the video is, between words", () => {
  const [left, right] = splitAtTime(line(), 3500) as Batch;
  expect([left?.text, left?.end_ms, right?.text]).toEqual(["Good morning,", 3500, "June."]);
  expect(splitAtTime(line(), 2050), "too short").toBeUndefined();
  expect(splitAtTime(line(), 4500), "elsewhere").toBeUndefined();
});

test("Chinese is cut between letters, and joined without a space", () => {
  const said = line({ text: "你睡得好吗" });
  expect(placeAt(said.text, 0.4)).toBe(2);
  const [left, right] = splitAtTime(said, 2800) as Batch;
  expect([left?.text, right?.text]).toEqual(["你睡", "得好吗"]);
  expect(joined(line({ text: "你睡" }), line({ text: "得好吗" }))[0]?.text).toBe("你睡得好吗");
});

test("nothing is cut at the ends of a line", () => {
  expect(split(line(), 0)).toBeUndefined();
  expect(split(line(), 19)).toBeUndefined();
});

test("a line that is joined takes the words and the time of the next", () => {
  const now = withBatch([line(), next], joined(line(), next));
  expect(now).toHaveLength(1);
  expect(now[0]).toMatchObject({
    start_ms: 2000,
    end_ms: 6000,
    text: "Good morning, June. Did you sleep?",
    edited: true,
  });
});

test("an edge stops before the other one, and where the clip would lose the line", () => {
  expect(moved(line(), "start", 3990, CLIP, 60_000)?.[0]?.start_ms).toBe(3900);
  expect(moved(line(), "end", 1500, CLIP, 60_000)?.[0]?.end_ms).toBe(2100);
  expect(moved(line({ start_ms: 0 }), "end", 0, CLIP, 60_000)?.[0]?.end_ms).toBe(1001);
  expect(moved(line(), "end", 4000, CLIP, 60_000), "nothing changes").toBeUndefined();
});

test("no words take the line away, and needless space is none", () => {
  expect(retyped(line(), " Good  morning, June. ")).toBeUndefined();
  expect(retyped(line(), "  ")?.[0]?.removed).toBe(true);
  expect(retyped(line(), "- Morning.\n\n - Hi.")?.[0]?.text).toBe("- Morning.\n- Hi.");
});

test("a line is added up to the next one, inside the clip", () => {
  expect(added([line(), next], 4050, CLIP, "…", "new")[0]).toMatchObject({ start_ms: 4050, end_ms: 4200 });
  expect(added([line()], 8995, CLIP, "…", "new")[0]).toMatchObject({ start_ms: 8900, end_ms: 9000 });
});

test("a line is doubtful until somebody has corrected it", () => {
  expect(isDoubtful(line({ confidence: 0.5 }))).toBe(true);
  expect(isDoubtful(line({ confidence: 0.5, edited: true }))).toBe(false);
  expect(isDoubtful(line({ confidence: null }))).toBe(false);
});

const words = fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 2, maxLength: 8 });

test("split, then joined, is what it was", () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 1000, max: 5000 }), fc.nat(1000), (some, length, share) => {
      const before = line({ text: some.join(" "), end_ms: 2000 + length });
      const cut = split(before, placeAt(before.text, share / 1000), undefined, "new");
      if (!cut) return;
      const [left, right] = withBatch([before], cut) as [ClipLine, ClipLine];
      const [again] = withBatch([left, right], joined(left, right));
      expect(again).toEqual({ ...before, edited: true });
    }),
  );
});

test("whatever was done is undone", () => {
  const lines = [line(), next];
  const someBatch = fc.oneof(
    fc.nat(18).map((place) => split(line(), place, undefined, "new")),
    fc.constant(joined(line(), next)),
    fc.constant(removed(next)),
    fc.integer({ min: 0, max: 9000 }).map((at) => moved(line(), "end", at, CLIP, 60_000)),
    fc.integer({ min: 1000, max: 9000 }).map((at) => added(lines, at, CLIP, "…", "new")),
    fc.string().map((text) => retyped(line(), text)),
  );
  fc.assert(
    fc.property(someBatch, (batch) => {
      if (!batch) return;
      const back = withBatch(withBatch(lines, batch), inverse(lines, batch));
      const bare = (all: readonly ClipLine[]) =>
        all.map(({ name, start_ms, end_ms, text }) => [name, start_ms, end_ms, text]);
      expect(bare(back)).toEqual(bare(lines));
    }),
  );
  expect(texts(withBatch(lines, removed(next)))).toEqual(["Good morning, June."]);
});

import { expect, test } from "vitest";
import type { DialogueCharacter, DialogueLine } from "../../api/types";
import { guessSpeaker } from "./guess";
import { before, correctionOf, doubts, movedEdge, nextWhere, rowsOf, withCorrections } from "./lines";

function line(start: number, part: Partial<DialogueLine> = {}): DialogueLine {
  const said = { start_ms: start, end_ms: start + 1000, text: `Line ${start}`, speaker: "Ross" };
  return {
    key: `k${start}`,
    anchor: { ...said, ...("speaker" in part ? { speaker: part.speaker ?? "" } : {}) },
    ...said,
    timing: "aligned",
    speaker_certain: true,
    removed: false,
    added: false,
    corrected: null,
    ...part,
  };
}

const person = (name: string, ...on_screen: number[][]): DialogueCharacter => ({
  id: name.length,
  name,
  names: [name.toLowerCase(), `mr ${name.toLowerCase()}`],
  is_main: true,
  face_url: null,
  on_screen,
});

test("a correction changes its line alone, keeps the order of time, and can be taken back", () => {
  const lines = [line(0), line(2000), line(4000)];
  const late = correctionOf(lines[0] as DialogueLine, { start_ms: 5000, end_ms: 6000, text: "Late" });
  const now = withCorrections(lines, [late], "Ada");
  expect(now.map((one) => one.text)).toEqual(["Line 2000", "Line 4000", "Late"]);
  expect(now[2]).toMatchObject({ key: "k0", timing: "checked", corrected: { author: "Ada" } });
  const back = withCorrections(lines, [late, before(lines[0] as DialogueLine)], "Ada");
  expect(back.map((one) => one.text)).toEqual(["Line 0", "Line 2000", "Line 4000"]);
  expect(back[0]).toEqual(lines[0]);
});

test("taking back the second correction of a line leaves the first", () => {
  const [first] = withCorrections([line(0)], [correctionOf(line(0), { text: "One" })], "Ada");
  expect(before(first as DialogueLine)).toMatchObject({ status: "said", text: "One" });
});

test("a line that was missed is added, and leaves when that is taken back", () => {
  const heard = { start_ms: 500, end_ms: 900, text: "Psst", speaker: "" };
  const correction = { anchor: heard, added: true, status: "said" as const, ...heard };
  const now = withCorrections([line(0)], [correction], "Ada");
  expect(now.map((one) => [one.text, one.added])).toEqual([
    ["Line 0", false],
    ["Psst", true],
  ]);
  expect(withCorrections(now, [{ ...correction, status: "withdrawn" }], "Ada")).toHaveLength(1);
});

test("what nobody says stays in the list, without doubts", () => {
  const doubtful = line(0, { timing: "subtitle", speaker: "", speaker_certain: false });
  expect(doubts(doubtful)).toEqual(["timing", "speaker"]);
  const [gone] = withCorrections([doubtful], [correctionOf(doubtful, {}, true)], "Ada");
  expect(gone).toMatchObject({ removed: true });
  expect(doubts(gone as DialogueLine)).toEqual([]);
});

test("the next doubtful line is found also behind the end", () => {
  const lines = [line(0, { timing: "unverified" }), line(2000), line(4000)];
  expect(nextWhere(lines, 1, 1, (one) => doubts(one).length > 0)?.key).toBe("k0");
  expect(nextWhere(lines, 1, -1, (one) => doubts(one).length > 0)?.key).toBe("k0");
  expect(nextWhere(lines, 1, 1, () => false)).toBeUndefined();
});

test("those who speak at once stand in two rows", () => {
  const rows = rowsOf([line(0, { end_ms: 3000 }), line(1000), line(3000)]);
  expect([...rows.values()]).toEqual([0, 1, 0]);
});

test("an edge stays inside the episode and 50 ms apart from the other", () => {
  const said = { start_ms: 1000, end_ms: 2000, text: "", speaker: "" };
  expect(movedEdge(said, "start", -20, 5000).start_ms).toBe(0);
  expect(movedEdge(said, "start", 1990, 5000).start_ms).toBe(1950);
  expect(movedEdge(said, "end", 9000, 5000).end_ms).toBe(5000);
  expect(movedEdge(said, "end", 400, 5000).end_ms).toBe(1050);
});

const people = [person("Ross", [0, 9000]), person("Rachel"), person("Joey")];

test("without anybody before, who is on screen is likeliest", () => {
  const [first, second] = guessSpeaker([line(0, { speaker: "" })], 0, people);
  // 1.12 against 0.12 twice
  expect(first).toEqual({ name: "Ross", share: expect.closeTo(1.12 / 1.36) });
  expect(second?.share).toBeCloseTo(0.12 / 1.36);
});

test("who spoke before the last one is likelier than the last one, or anybody else", () => {
  const spoken = [line(0, { speaker: "Mr Rachel" }), line(1000, { speaker: "Joey" }), line(2000, { speaker: "" })];
  const nobodySeen = people.map((one) => ({ ...one, on_screen: [] }));
  const guesses = guessSpeaker(spoken, 2, nobodySeen);
  expect(guesses.map(({ name, share }) => [name, Math.round(share * 100)])).toEqual([
    ["Rachel", 55],
    ["Joey", 23],
    ["Ross", 22],
  ]);
});

test("after a long silence, or lines that nobody says, who spoke before does not count", () => {
  const nobodySeen = people.map((one) => ({ ...one, on_screen: [] }));
  const silence = [line(0, { speaker: "Joey" }), line(5001, { speaker: "" })];
  expect(new Set(guessSpeaker(silence, 1, nobodySeen).map(({ share }) => share))).toEqual(new Set([1 / 3]));
  const gone = [line(0, { speaker: "Joey", removed: true }), line(1000, { speaker: "" })];
  expect(guessSpeaker(gone, 1, nobodySeen)[0]?.share).toBeCloseTo(1 / 3);
});

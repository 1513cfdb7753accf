import type { ClipLine, LineRequest } from "../../api/types";
import { newId } from "../../saving/uuid";

/** A change of lines: those that are said anew, all together. What is not in it stays as it is. */
export type Batch = readonly LineRequest[];

type Timed = Pick<ClipLine, "start_ms" | "end_ms">;

/** No line is shorter: nobody could read it. */
export const SHORTEST_MS = 100;
/** What a line that is added lasts at first. */
const ADDED_MS = 1500;
/** Below that the words may well be wrong. */
const SURE = 0.85;

/** Whether the machine was not sure of the words. */
export function wasUnsure({ confidence }: ClipLine): boolean {
  return confidence !== null && confidence < SURE;
}

/** Whether somebody should look at the words: they are as the machine read them, and it was not sure. */
export function isDoubtful(line: ClipLine): boolean {
  return wasUnsure(line) && !line.edited;
}

/** The text of a line without needless space; rows of a subtitle stay rows. */
export function tidy(text: string): string {
  const rows = text.split("\n").map((row) => row.trim().replace(/\s+/g, " "));
  return rows.filter((row) => row !== "").join("\n");
}

const said = ({ name, start_ms, end_ms, text }: ClipLine): LineRequest => ({
  name,
  start_ms,
  end_ms,
  text,
  removed: false,
});

function inOrder(a: ClipLine, b: ClipLine): number {
  return a.start_ms - b.start_ms || a.end_ms - b.end_ms || (a.name < b.name ? -1 : 1);
}

/** The lines after a change, by time. What the machine says of a line stays with it. */
export function withBatch(lines: readonly ClipLine[], batch: Batch): ClipLine[] {
  const names = new Set(batch.map(({ name }) => name));
  const known = new Map(lines.map((line) => [line.name, line]));
  const changed = batch
    .filter(({ removed }) => !removed)
    .map(({ removed: _, ...one }): ClipLine => {
      const before = known.get(one.name);
      return { confidence: null, origin: "", box: null, ...before, ...one, edited: true };
    });
  return [...lines.filter(({ name }) => !names.has(name)), ...changed].sort(inOrder);
}

/** The change that takes a change back: `lines` are those before it. */
export function inverse(lines: readonly ClipLine[], batch: Batch): Batch {
  const known = new Map(lines.map((line) => [line.name, line]));
  return batch.map((one) => {
    const before = known.get(one.name);
    return before ? said(before) : { ...one, removed: true };
  });
}

/** Another text; none at all takes the line away. Undefined where nothing changes. */
export function retyped(line: ClipLine, text: string): Batch | undefined {
  const words = tidy(text);
  if (words === line.text) return undefined;
  return [words === "" ? { ...said(line), removed: true } : { ...said(line), text: words }];
}

/** Where a line is cut in time that is cut after so many letters: spoken words take time by their length. */
function cutTime({ start_ms, end_ms, text }: ClipLine, place: number): number {
  const share = text.length > 0 ? place / text.length : 0.5;
  return Math.round(start_ms + (end_ms - start_ms) * share);
}

/** The place between words next to a share (0 to 1) of the text; in a text without spaces between letters. */
export function placeAt(text: string, share: number): number {
  const wanted = Math.round(text.length * share);
  const gaps = [...text.matchAll(/\s+/g)].map((gap) => gap.index);
  if (gaps.length === 0) return Math.min(Math.max(wanted, 1), text.length - 1);
  return gaps.reduce((best, gap) => (Math.abs(gap - wanted) < Math.abs(best - wanted) ? gap : best));
}

/** Two lines of one, cut after `place` letters; undefined where one of them would be empty or too short. */
export function split(line: ClipLine, place: number, atMs = cutTime(line, place), id = newId()): Batch | undefined {
  const [left, right] = [tidy(line.text.slice(0, place)), tidy(line.text.slice(place))];
  const room = atMs - line.start_ms >= SHORTEST_MS && line.end_ms - atMs >= SHORTEST_MS;
  if (!left || !right || !room) return undefined;
  return [
    { ...said(line), end_ms: atMs, text: left },
    { ...said(line), name: id, start_ms: atMs, text: right },
  ];
}

/** Two lines cut where the video is, between the words that are nearest to it. */
export function splitAtTime(line: ClipLine, atMs: number): Batch | undefined {
  const share = (atMs - line.start_ms) / (line.end_ms - line.start_ms);
  if (share <= 0 || share >= 1 || line.text.length < 2) return undefined;
  return split(line, placeAt(line.text, share), Math.round(atMs));
}

/** Writing without spaces between words is joined without one. */
const CJK = /[⺀-鿿぀-ヿ＀-￯]/;

export function joined(line: ClipLine, next: ClipLine): Batch {
  const glue = CJK.test(line.text.slice(-1)) || CJK.test(next.text.slice(0, 1)) ? "" : " ";
  return [
    {
      ...said(line),
      start_ms: Math.min(line.start_ms, next.start_ms),
      end_ms: Math.max(line.end_ms, next.end_ms),
      text: line.text + glue + next.text,
    },
    { ...said(next), removed: true },
  ];
}

/** A line whose start or end is elsewhere; it keeps a length, stays in the episode, and still touches the clip. */
export function moved(
  line: ClipLine,
  edge: "start" | "end",
  timeMs: number,
  clip: Timed,
  episodeMs: number,
): Batch | undefined {
  const at = Math.round(timeMs);
  const start_ms =
    edge === "start" ? Math.max(0, Math.min(at, line.end_ms - SHORTEST_MS, clip.end_ms - 1)) : line.start_ms;
  const end_ms =
    edge === "end" ? Math.min(episodeMs, Math.max(at, line.start_ms + SHORTEST_MS, clip.start_ms + 1)) : line.end_ms;
  if (start_ms === line.start_ms && end_ms === line.end_ms) return undefined;
  return [{ ...said(line), start_ms, end_ms }];
}

export function removed(line: ClipLine): Batch {
  return [{ ...said(line), removed: true }];
}

/** A line from a time on, up to the next one if that comes soon. */
export function added(lines: readonly ClipLine[], timeMs: number, clip: Timed, text: string, id = newId()): Batch {
  const start_ms = Math.max(clip.start_ms, Math.min(Math.round(timeMs), clip.end_ms - SHORTEST_MS));
  const next = lines.find((line) => line.start_ms > start_ms)?.start_ms ?? clip.end_ms;
  const end_ms = Math.max(start_ms + SHORTEST_MS, Math.min(start_ms + ADDED_MS, next, clip.end_ms));
  return [{ name: id, start_ms, end_ms, text, removed: false }];
}

import type { CorrectionRequest, DialogueLine } from "../../api/types";

/** All that a person can say of a line. */
export type Said = Pick<DialogueLine, "start_ms" | "end_ms" | "text" | "speaker">;
export type Correction = Omit<CorrectionRequest, "client_id">;

export function saidOf({ start_ms, end_ms, text, speaker }: Said): Said {
  return { start_ms, end_ms, text, speaker };
}

export function sameSaid(one: Said, other: Said): boolean {
  const { start_ms, end_ms, text, speaker } = one;
  return start_ms === other.start_ms && end_ms === other.end_ms && text === other.text && speaker === other.speaker;
}

/** The line as the next correction of it would begin: what stands there now. */
export function correctionOf(line: DialogueLine, change: Partial<Said> = {}, removed = line.removed): Correction {
  const { anchor, added } = line;
  return { anchor, added, status: removed ? "not_spoken" : "said", ...saidOf(line), ...change };
}

/** What takes a person's last correction of `line` back: what stood there before it. */
export function before(line: DialogueLine): Correction {
  const correction = correctionOf(line);
  return line.corrected || line.removed ? correction : { ...correction, status: "withdrawn" };
}

const sameAnchor = (line: DialogueLine, { anchor }: Correction) =>
  line.anchor.start_ms === anchor.start_ms && sameSaid(line.anchor, anchor);

/** The dialogue after corrections that the server has, or will have, in the order made. */
export function withCorrections(
  lines: readonly DialogueLine[],
  corrections: readonly Correction[],
  author: string,
): DialogueLine[] {
  if (corrections.length === 0) return [...lines];
  return corrections
    .reduce((now, correction) => withCorrection(now, lines, correction, author), [...lines])
    .sort((a, b) => a.start_ms - b.start_ms || a.end_ms - b.end_ms);
}

function withCorrection(
  lines: DialogueLine[],
  loaded: readonly DialogueLine[],
  correction: Correction,
  author: string,
): DialogueLine[] {
  const known = lines.find((line) => sameAnchor(line, correction));
  if (correction.status === "withdrawn") {
    if (!known || known.added) return lines.filter((line) => line !== known);
    const asFound = loaded.find((line) => sameAnchor(line, correction) && !line.corrected);
    const back = { ...known, ...saidOf(known.anchor), removed: false, corrected: null, timing: "unverified" as const };
    const found = asFound ?? back;
    return lines.map((line) => (line === known ? found : line));
  }
  const line: DialogueLine = {
    key: known?.key ?? `new-${correction.anchor.start_ms}-${correction.anchor.end_ms}`,
    anchor: correction.anchor,
    ...saidOf(correction),
    timing: "checked",
    speaker_certain: correction.speaker !== "",
    removed: correction.status === "not_spoken",
    added: correction.added,
    corrected: { author, created_at: known?.corrected?.created_at ?? new Date().toISOString() },
  };
  return known ? lines.map((one) => (one === known ? line : one)) : [...lines, line];
}

/** Why a person should look at a line; empty where there is no reason. */
export function doubts(line: DialogueLine): ("timing" | "speaker")[] {
  if (line.removed) return [];
  const found: ("timing" | "speaker")[] = [];
  if (line.timing === "unverified" || line.timing === "subtitle") found.push("timing");
  if (line.speaker === "" || !line.speaker_certain) found.push("speaker");
  return found;
}

export function lacksSpeaker(line: DialogueLine): boolean {
  return doubts(line).includes("speaker");
}

/** The next line after (or before) a place of which `wanted` holds, going round at the ends; undefined if there is none. */
export function nextWhere(
  lines: readonly DialogueLine[],
  place: number,
  steps: 1 | -1,
  wanted: (line: DialogueLine) => boolean,
): DialogueLine | undefined {
  const count = lines.length;
  for (let away = 1; away <= count; away++) {
    const line = lines[(((place + steps * away) % count) + count) % count];
    if (line && wanted(line)) return line;
  }
  return undefined;
}

/** Which of two rows a line is drawn in, so that those who speak at once do not hide each other. */
export function rowsOf(lines: readonly DialogueLine[]): Map<string, 0 | 1> {
  const rows = new Map<string, 0 | 1>();
  const ends = [0, 0];
  for (const { key, start_ms, end_ms } of lines) {
    const row = (ends[0] ?? 0) <= start_ms || (ends[0] ?? 0) < (ends[1] ?? 0) ? 0 : 1;
    rows.set(key, row);
    ends[row] = Math.max(ends[row] ?? 0, end_ms);
  }
  return rows;
}

const SHORTEST_MS = 50;

/** A new start or end, kept inside the episode and apart from the other end. */
export function movedEdge(said: Said, edge: "start" | "end", timeMs: number, lengthMs: number): Said {
  const time = Math.round(timeMs);
  if (edge === "start") return { ...said, start_ms: Math.min(Math.max(time, 0), said.end_ms - SHORTEST_MS) };
  return { ...said, end_ms: Math.max(Math.min(time, lengthMs), said.start_ms + SHORTEST_MS) };
}

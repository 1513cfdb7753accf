import type { DialogueCharacter, DialogueLine } from "../../api/types";

export interface Guess {
  name: string;
  /** How likely, 0 to 1; over all that could speak the sum is 1. */
  share: number;
}

/**
 * Who speaks next, in the 7,983 utterances of MELD's training dialogues from the third on: the same person again, the
 * other one who spoke last, or anybody else.
 */
const AGAIN = 0.23;
const BACK = 0.55;
const ELSE = 0.22;
/** After a silence this long a new exchange begins, and who spoke before says nothing. */
const LONGEST_SILENCE_MS = 4000;
/** What somebody weighs who is not seen: people speak off screen. */
const UNSEEN = 0.12;

/** Who may be speaking a line, likeliest first: from who is on screen during it, and from who spoke before. */
export function guessSpeaker(
  lines: readonly DialogueLine[],
  place: number,
  people: readonly DialogueCharacter[],
): Guess[] {
  const line = lines[place];
  if (!line) return [];
  const turns = turnShares(lines, place, people);
  const weights = people.map((person, number) => (UNSEEN + seenShare(line, person)) * (turns[number] ?? 0));
  const sum = weights.reduce((one, other) => one + other, 0);
  return people
    .map(({ name }, number) => ({ name, share: sum > 0 ? (weights[number] ?? 0) / sum : 0 }))
    .sort((one, other) => other.share - one.share);
}

function seenShare({ start_ms, end_ms }: DialogueLine, { on_screen }: DialogueCharacter): number {
  const seen = on_screen.reduce(
    (sum, [from = 0, until = 0]) => sum + Math.max(Math.min(until, end_ms) - Math.max(from, start_ms), 0),
    0,
  );
  return Math.min(seen / Math.max(end_ms - start_ms, 1), 1);
}

/** How likely each person is the next to speak, from who spoke before alone. */
function turnShares(lines: readonly DialogueLine[], place: number, people: readonly DialogueCharacter[]): number[] {
  const even = people.map(() => 1 / people.length);
  const spoken = lines.slice(0, place).filter((line) => !line.removed && line.speaker !== "");
  const last = spoken.at(-1);
  const now = lines[place];
  if (!last || !now || now.start_ms - last.end_ms > LONGEST_SILENCE_MS) return even;
  const before = spoken.findLast((line) => nameOf(line, people) !== nameOf(last, people));
  const again = people.findIndex(({ name }) => name === nameOf(last, people));
  const back = before ? people.findIndex(({ name }) => name === nameOf(before, people)) : -1;
  const others = people.length - (again >= 0 ? 1 : 0) - (back >= 0 ? 1 : 0);
  const rest = (again >= 0 ? 0 : AGAIN) + (back >= 0 ? 0 : BACK) + ELSE;
  return people.map((_, number) => {
    if (number === again) return AGAIN;
    if (number === back) return BACK;
    return rest / Math.max(others, 1);
  });
}

/** The name of the character that a line's speaker is; the speaker's own name where it is none. */
export function nameOf({ speaker }: Pick<DialogueLine, "speaker">, people: readonly DialogueCharacter[]): string {
  const wanted = speaker.toLowerCase();
  return people.find(({ names }) => names.includes(wanted))?.name ?? speaker;
}

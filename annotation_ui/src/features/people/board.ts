import type { CastFace, Casting } from "../../api/types";

/** Where faces lie: those of whom nobody has said who they are, each character's, and those nobody follows. */
export interface Shelf {
  id: "open" | "nobody" | number;
  /** The name of the character; undefined for the other two. */
  name?: string;
  faces: readonly CastFace[];
}

export function isOpen(face: CastFace): boolean {
  return face.linked_by !== "confirmed";
}

export function shelvesOf({ characters, faces }: Casting): Shelf[] {
  const said = faces.filter((face) => !isOpen(face));
  return [
    { id: "open", faces: faces.filter(isOpen) },
    ...characters
      .map(({ id, name, is_main }) => ({ id, name, is_main, faces: said.filter((face) => face.character === id) }))
      .filter(({ is_main, faces: own }) => is_main || own.length > 0)
      .map(({ id, name, faces: own }): Shelf => ({ id, name, faces: own })),
    { id: "nobody", faces: said.filter((face) => face.character === null) },
  ];
}

/** The faces in the order in which they lie on the page. */
export function inOrder(shelves: readonly Shelf[]): CastFace[] {
  return shelves.flatMap(({ faces }) => faces);
}

/** The face beside another one, or over or under it: the one at the same place of the next shelf that has any. */
export function neighbour(
  shelves: readonly Shelf[],
  id: number | undefined,
  move: "left" | "right" | "up" | "down",
): CastFace | undefined {
  const full = shelves.filter(({ faces }) => faces.length > 0);
  const row = full.findIndex(({ faces }) => faces.some((face) => face.id === id));
  if (row < 0) return full[0]?.faces[0];
  const faces = full[row]?.faces ?? [];
  const place = faces.findIndex((face) => face.id === id);
  if (move === "left") return faces[place - 1] ?? full[row - 1]?.faces.at(-1);
  if (move === "right") return faces[place + 1] ?? full[row + 1]?.faces[0];
  const other = full[row + (move === "down" ? 1 : -1)]?.faces;
  return other?.[Math.min(place, other.length - 1)];
}

/** The next face that waits for a word, after those that are dealt with now; the first where none comes after. */
export function nextOpen(faces: readonly CastFace[], dealtWith: ReadonlySet<number>): CastFace | undefined {
  const last = faces.findLastIndex(({ id }) => dealtWith.has(id));
  const waiting = faces.filter((face) => isOpen(face) && !dealtWith.has(face.id));
  return waiting.find((face) => faces.indexOf(face) > last) ?? waiting[0];
}

/** Who a face may be, and how sure that is; undefined where nobody is suggested. */
export function suggestionOf(face: CastFace): { character: number; similarity: number | undefined } | undefined {
  if (!isOpen(face) || face.character === null) return undefined;
  return {
    character: face.character,
    similarity: face.alike.find(({ character }) => character === face.character)?.similarity,
  };
}

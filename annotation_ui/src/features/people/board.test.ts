import { expect, test } from "vitest";
import type { CastFace, Casting } from "../../api/types";
import { inOrder, neighbour, nextOpen, shelvesOf, suggestionOf } from "./board";

const face = (id: number, part: Partial<CastFace> = {}): CastFace => ({
  id,
  number: id,
  screen_time_ms: 1000,
  face_url: null,
  character: null,
  linked_by: "",
  alike: [],
  tracks: [],
  ...part,
});

const casting: Casting = {
  episode: 5,
  series: 2,
  series_name: "Office",
  title: "Pilot",
  characters: [
    { id: 1, name: "Ross", is_main: true },
    { id: 2, name: "Rachel", is_main: true },
    { id: 3, name: "Waiter", is_main: false },
  ],
  faces: [
    face(11, { character: 1, linked_by: "confirmed" }),
    face(12, { character: 2, linked_by: "suggested", alike: [{ character: 2, similarity: 0.8 }] }),
    face(13),
    face(14, { linked_by: "confirmed" }),
    face(15, { character: 1, linked_by: "confirmed" }),
  ],
  lost_links: [],
  undoable: null,
};

test("faces lie with whom they were said to be; main characters have a place also without a face", () => {
  const lying = shelvesOf(casting).map(({ id, faces }) => [id, faces.map((one) => one.id)]);
  expect(lying).toEqual([
    ["open", [12, 13]],
    [1, [11, 15]],
    [2, []],
    ["nobody", [14]],
  ]);
  expect(inOrder(shelvesOf(casting)).map(({ id }) => id)).toEqual([12, 13, 11, 15, 14]);
});

test("arrows walk over the shelves and step over empty ones", () => {
  const shelves = shelvesOf(casting);
  const walk = (id: number, move: "left" | "right" | "up" | "down") => neighbour(shelves, id, move)?.id;
  expect(walk(12, "right")).toBe(13);
  expect(walk(13, "right")).toBe(11);
  expect(walk(11, "left")).toBe(13);
  expect(walk(15, "down")).toBe(14);
  expect(walk(13, "down")).toBe(15);
  expect(walk(12, "up")).toBeUndefined();
  expect(neighbour(shelves, undefined, "down")?.id).toBe(12);
});

test("after a decision the next face that waits is the one behind it", () => {
  const faces = inOrder(shelvesOf(casting));
  expect(nextOpen(faces, new Set([12]))?.id).toBe(13);
  expect(nextOpen(faces, new Set([13]))?.id).toBe(12);
  expect(nextOpen(faces, new Set([12, 13]))).toBeUndefined();
});

test("a suggestion says how similar the face is, and is none once somebody has said who it is", () => {
  expect(suggestionOf(casting.faces[1] as CastFace)).toEqual({ character: 2, similarity: 0.8 });
  expect(suggestionOf(casting.faces[0] as CastFace)).toBeUndefined();
  expect(suggestionOf(casting.faces[2] as CastFace)).toBeUndefined();
});

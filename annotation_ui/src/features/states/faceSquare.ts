import type { Look } from "../../api/types";
import type { Part } from "../../media/thumbnails";

/** How much more than the face itself is shown: hair and chin. */
const MARGIN = 1.35;

/** A square around a face, in shares of a picture of that size in pixels; where the picture ends, it is moved inside. */
export function faceSquare(look: Look, pictureWidth: number, pictureHeight: number): Part {
  const wanted = MARGIN * Math.max(look.width * pictureWidth, look.height * pictureHeight);
  const side = Math.min(wanted, pictureWidth, pictureHeight);
  const from = (start: number, length: number, picture: number) => {
    const middle = (start + length / 2) * picture;
    return Math.min(Math.max(middle - side / 2, 0), picture - side) / picture;
  };
  return {
    x: from(look.x, look.width, pictureWidth),
    y: from(look.y, look.height, pictureHeight),
    width: side / pictureWidth,
    height: side / pictureHeight,
  };
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { faceSquare } from "./faceSquare";
import { initials } from "./initials";

test("a face gets a square with a margin, in pixels of the picture", () => {
  // 100 pixels high at (400, 300) to (480, 400) of 1280 x 720: a square of 135 around (440, 350)
  const part = faceSquare({ time_ms: 0, x: 400 / 1280, y: 300 / 720, width: 80 / 1280, height: 100 / 720 }, 1280, 720);
  expect(part.x * 1280).toBeCloseTo(440 - 67.5);
  expect(part.y * 720).toBeCloseTo(350 - 67.5);
  expect([part.width * 1280, part.height * 720]).toEqual([expect.closeTo(135), expect.closeTo(135)]);
});

test("however large a face is and wherever it stands, the square lies in the picture", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, share, share, fc.integer({ min: 16, max: 1920 }), (x, y, width, height, picture) => {
      const part = faceSquare({ time_ms: 0, x, y, width, height }, picture, 720);
      expect(part.x).toBeGreaterThanOrEqual(-1e-9);
      expect(part.y).toBeGreaterThanOrEqual(-1e-9);
      expect(part.x + part.width).toBeLessThanOrEqual(1 + 1e-9);
      expect(part.y + part.height).toBeLessThanOrEqual(1 + 1e-9);
      expect(part.width * picture).toBeCloseTo(part.height * 720, 6);
    }),
  );
});

test.each([
  ["Ross", "R"],
  ["Otto Klein", "OK"],
  ["Jean Luc Picard", "JP"],
  ["  ", ""],
  ["李 雷", "李雷"],
])("the initials of %s are %s", (name, expected) => expect(initials(name)).toBe(expected));

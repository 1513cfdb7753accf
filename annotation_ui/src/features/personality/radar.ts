/** The geometry of a radar plot: axes clockwise from the top, the lowest number in the middle. */

export type Point = readonly [x: number, y: number];

/** Where a number stands on an axis. */
export function pointOn(axis: number, axes: number, share: number, radius: number): Point {
  const angle = (2 * Math.PI * axis) / axes;
  return [share * radius * Math.sin(angle), -share * radius * Math.cos(angle)];
}

/** How far from the middle a number stands: 0 to 1. */
export function shareOf(value: number, lowest: number, highest: number): number {
  return Math.min(1, Math.max(0, (value - lowest) / (highest - lowest)));
}

/** The outline through all numbers that are there; neighbours of a missing one are not joined. */
export function outline(points: readonly (Point | null)[]): string {
  const at = ([x, y]: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  if (points.every((point) => point !== null)) return points.length > 0 ? `M${points.map(at).join("L")}Z` : "";
  const lines = points.map((point, place) => {
    const next = points[(place + 1) % points.length];
    return point && next ? `M${at(point)}L${at(next)}` : "";
  });
  return lines.join("");
}

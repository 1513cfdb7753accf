/** The geometry of Plutchik's wheel: 8 petals of 3 bands, the mild one outside and the intense one inside, as he drew it. */

export const RADIUS = 192;
const HUB = 38;
const SHOULDER = 126;
const GAP = 1.6;
const EIGHTH = Math.PI / 8;
const POINTS = 12;

/** Inner and outer radius of the band of an intensity: 0 mild, 1 middle, 2 intense. */
export const BANDS: readonly (readonly [number, number])[] = [
  [128, RADIUS],
  [82, 128],
  [HUB, 82],
];

/** Half the angle that a petal covers at a radius, in radians: full up to its shoulder, then an elliptic tip. */
function halfAngle(radius: number): number {
  const straight = EIGHTH - GAP / radius;
  if (radius <= SHOULDER) return straight;
  const width = SHOULDER * Math.sin(EIGHTH - GAP / SHOULDER);
  const left = 1 - ((radius - SHOULDER) / (RADIUS - SHOULDER)) ** 2;
  return Math.asin((width * Math.sqrt(Math.max(left, 0))) / radius);
}

/** The direction of a petal in radians, clockwise from the top. */
export function petalAngle(petal: number): number {
  return petal * 2 * EIGHTH;
}

export function pointAt(radius: number, angle: number): readonly [x: number, y: number] {
  return [radius * Math.sin(angle), -radius * Math.cos(angle)];
}

/** The outline of one band of one petal as an SVG path. */
export function bandPath(petal: number, intensity: number): string {
  const [inner, outer] = BANDS[intensity] ?? [0, 0];
  const middle = petalAngle(petal);
  // Closer together towards the outer edge, where the tip bends most.
  const bend = (place: number) => Math.sin((Math.PI / 2) * (place / POINTS));
  const steps = Array.from({ length: POINTS + 1 }, (_, place) => inner + (outer - inner) * bend(place));
  const right = steps.map((radius) => pointAt(radius, middle + halfAngle(radius)));
  const left = steps.map((radius) => pointAt(radius, middle - halfAngle(radius))).reverse();
  return `M${[...right, ...left].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
}

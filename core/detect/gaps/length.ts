const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** `3.5 hours`: a length in words, in the largest unit of which it has one. */
export function lengthText(microseconds: number): string {
  const seconds = microseconds / 1_000_000;
  const [size, unit] = UNITS.find(([least]) => seconds >= least) ?? [1, 'second'];
  const count = Math.round((seconds / size) * 10) / 10;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

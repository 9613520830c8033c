const DENIED = /^(denied|attempted|forbid|forbidden|refused)$/i;
const RAMP = [
  'var(--d1)',
  'var(--d2)',
  'color-mix(in srgb, var(--d1) 55%, var(--surface))',
  'color-mix(in srgb, var(--d2) 60%, var(--d3))',
  'color-mix(in srgb, var(--d1) 60%, var(--d2))',
  'color-mix(in srgb, var(--d2) 55%, var(--surface))',
  'color-mix(in srgb, var(--d1) 30%, var(--surface))',
];

/** Slate shades for the names of a stack: hue is kept for severity; what was denied stands out most. */
export function seriesFills(names: readonly string[]): readonly string[] {
  let next = 0;
  return names.map((name) => (DENIED.test(name) ? 'var(--d3)' : (RAMP[next++ % RAMP.length] as string)));
}

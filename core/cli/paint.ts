import type { Level } from '../contract/rows.ts';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'magenta';

/** Colours a text; without colours the text as it is. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

const CODES: Readonly<Record<Style, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  magenta: 35,
  cyan: 36,
};

/** The only escape sequences that we write ourselves. */
export const OWN_ESCAPES = /\x1b\[(?:0|1|2|31|32|33|35|36)m/g;

/** Colours only for a terminal, and never against the person's wish (no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const isWanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  if (!isWanted) return (text) => text;
  return (text, ...styles) =>
    text === '' ? '' : `${styles.map((style) => `\x1b[${CODES[style]}m`).join('')}${text}\x1b[0m`;
}

/** How a level is coloured; its word is always written beside. */
export const LEVEL_STYLES: Readonly<Record<Level, readonly Style[]>> = {
  critical: ['bold', 'magenta'],
  high: ['bold', 'red'],
  medium: ['yellow'],
  low: ['cyan'],
  informational: ['dim'],
};

import type { TextRange } from '../../contract/studio-calls.ts';

/** The range of a piece of one line; columns count from 1. */
export const inLine = (line: number, column: number, length: number): TextRange => ({
  line,
  column,
  endLine: line,
  endColumn: column + length,
});

/** The word that a problem at this place is about: what stands there in one piece. */
export function wordAt(text: string, line: number, column: number): TextRange {
  const rest = (text.split('\n')[line - 1] ?? '').slice(column - 1);
  const quoted = /^(["']).*?\1/.exec(rest)?.[0];
  const word = quoted ?? /^[^\s:,\]}]+/.exec(rest)?.[0] ?? rest.slice(0, 1);
  return inLine(line, column, Math.max(1, word.length));
}

/** Where a text stands in a line from a column on, or null. */
export function findInLine(text: string, wanted: string, line: number, from = 1): TextRange | null {
  const at = (text.split('\n')[line - 1] ?? '').indexOf(wanted, from - 1);
  return at < 0 ? null : inLine(line, at + 1, wanted.length);
}

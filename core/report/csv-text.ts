import { visible } from '../text.ts';

export type Cell = string | number | boolean | null;

/** One line of RFC 4180. What a spreadsheet would take as a formula gets an apostrophe in front. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = defuse(visible(cell));
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Spreadsheets run cells that begin so, also behind spaces and in full-width letters. */
export function defuse(text: string): string {
  return /^[\s\u3000]*[=+\-@\t\r|%\uff1d\uff0b\uff0d\uff20]/u.test(text) ? `'${text}` : text;
}

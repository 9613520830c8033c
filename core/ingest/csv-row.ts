import { parse } from 'csv-parse/sync';
import type { Text } from './text.ts';

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const HEADER_BYTES = 64 * 1024;
/** Units behind a line feed that tell whether a row begins there. */
const LOOKAHEAD = 24;

const AUDIT_COLUMNS = new Set(['@message', 'log_s', 'AuditId', '_raw', 'auditID']);
const ROW_HEAD = /^(?:"?\d{4}-\d\d-\d\d[T ]|"\{""|\{"[a-zA-Z@_])/;

/** Column names and delimiter if the text begins with the header row of a table that can hold audit events. */
export function columnsOf(text: Text): { header: readonly string[]; delimiter: string } | null {
  const end = text.units.indexOf(LINE_FEED);
  if (end < 1 || end > HEADER_BYTES || text.units[0] === 0x7b || text.units[0] === 0x5b) return null;
  const line = text.decode(0, end).trimEnd();
  for (const delimiter of [',', ';', '\t']) {
    const header = cellsOf(line, delimiter);
    if (header?.some((name) => AUDIT_COLUMNS.has(name) || name.endsWith('.auditID'))) return { header, delimiter };
  }
  return null;
}

/**
 * The line feed that ends the row at `from`, the text's length if the last row has none, or -1 if more text is needed. A cell in
 * quotes may hold line feeds; but where a quote was lost, a line that begins like a row is one.
 */
export function endOfRow(units: Uint8Array, from: number, isLast: boolean): number {
  let isQuoted = false;
  for (let at = from; at < units.length; at++) {
    const code = units[at];
    if (code === QUOTE) isQuoted = !isQuoted;
    else if (code === LINE_FEED) {
      if (!isQuoted) return at;
      if (at + LOOKAHEAD >= units.length && !isLast) return -1;
      if (ROW_HEAD.test(Buffer.from(units.subarray(at + 1, at + 1 + LOOKAHEAD)).toString('latin1'))) return at;
    }
  }
  return isLast ? units.length : -1;
}

/** The cells of one row, or null where its quotes follow no rule (exports that lack quote doubling). */
export function cellsOf(row: string, delimiter: string): string[] | null {
  try {
    const rows = parse(row, { delimiter, relax_column_count: true, record_delimiter: '\0\0' }) as string[][];
    return rows.length === 1 ? rows[0]! : null;
  } catch {
    return null;
  }
}

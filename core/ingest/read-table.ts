import type { RecordSink, Shape } from './block.ts';
import { cellsOf, endOfRow } from './csv-row.ts';
import { readFields } from './format/aws.ts';
import { readAuditRow, readDiagnosticsRow } from './format/azure.ts';
import { expand, isDotted, rebuildFromFields } from './format/dotted.ts';
import { isObject, type JsonObject, ownText } from './format/json-object.ts';
import { type Context, type Cursor, child, inside, NO_CONTEXT, type Told, type Walk } from './format/walk.ts';
import { RecordReport } from './record.ts';
import { recover } from './recover.ts';
import type { Text } from './text.ts';

export type TableShape = Extract<Shape, { kind: 'csv' }>;

/** Columns that hold a whole event as text. */
const TEXT_COLUMNS = ['@message', 'log_s', '_raw'] as const;

/** Reads the rows of a table. The header row is no record. */
export function readTable(text: Text, shape: TableShape, sink: RecordSink): void {
  const report = new RecordReport(text, sink);
  for (let start = 0; start < text.units.length; ) {
    const end = endOfRow(text.units, start, true);
    const row = text.decode(start, end).replace(/[\r\0]+$/, '');
    const last = end - (text.units[end - 1] === 0x0d ? 1 : 0);
    if (row.trim() !== '' && !isHeader(row, shape)) readRow(text, shape, row, start, last, report);
    start = end + 1;
  }
}

/** Files pasted together repeat the header. */
function isHeader(row: string, { header, delimiter }: TableShape): boolean {
  const [first = ''] = header;
  if (!row.startsWith(first) && !row.startsWith(`"${first}"`)) return false;
  return cellsOf(row, delimiter)?.join('\0') === header.join('\0');
}

function readRow(text: Text, shape: TableShape, row: string, start: number, end: number, report: RecordReport): Told {
  if (row.startsWith('{')) return recover(text, start, end, false, report, NO_CONTEXT);
  const cells = rowOf(row, shape.header, shape.delimiter);
  const { walk } = report.at(start, end);
  if (cells === null) return walk.unread(row);
  return readCells(walk, cells, { document: { text: row, value: null, pointer: '', isRecord: true }, pointer: '' });
}

/**
 * A row as an object. Console exports lack quote doubling: then the event is everything from the first brace to the last.
 */
export function rowOf(row: string, header: readonly string[], delimiter: string): JsonObject | null {
  const cells = cellsOf(row, delimiter);
  const column = TEXT_COLUMNS.find((name) => header.includes(name));
  const members = Object.fromEntries(header.map((name, index) => [name, cells?.[index] ?? '']));
  const isWhole = cells !== null && cells.length <= header.length;
  if (column === undefined) return isWhole ? members : null;
  if (isWhole && isObject(expand(members[column]))) return members;
  const event = bracedText(row);
  if (event === null) return isWhole ? members : null;
  return isObject(expand(event)) ? { [column]: event } : isWhole ? members : null;
}

function bracedText(row: string): string | null {
  const [first, last] = [row.indexOf('{'), row.lastIndexOf('}')];
  if (first < 0 || last < first) return null;
  const text = row.slice(first, last + 1);
  return text.startsWith('{""') ? text.replaceAll('""', '"') : text;
}

/** The columns decide what a row is. */
function readCells(walk: Walk, row: JsonObject, at: Cursor): Told {
  const has = (name: string) => Object.hasOwn(row, name);
  const context: Context = NO_CONTEXT;
  const fields = inside(context, 'aws-cwl-insights-csv');
  if (has('@message')) return readFields(walk, row, { at, message: child(at, '@message') }, fields);
  if (has('log_s')) return readDiagnosticsRow(walk, row, at, child(at, 'log_s'), context);
  if (has('AuditId')) return readAuditRow(walk, row, at, context);
  if (has('_raw')) {
    const from = inside(context, 'splunk-csv', { server: ownText(row, 'host') });
    return walk.text(String(row._raw), child(at, '_raw').pointer, from);
  }
  if (!isDotted(row)) return walk.skipped('no audit event');
  const isIndex = Object.keys(row).some((name) => name.startsWith('_source.') || name.startsWith('kubernetes.audit.'));
  return walk.rebuilt(rebuildFromFields(row), at, isIndex ? inside(context, 'elasticdump-jsonl') : fields);
}

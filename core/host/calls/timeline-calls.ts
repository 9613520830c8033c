import type { EventLine, Histogram } from '../../contract/event-calls.ts';
import type { Scope, TimeRange } from '../../contract/scope.ts';
import { parseTime } from '../../event/time.ts';
import { alertsByBin } from '../../hunt/alert-proofs.ts';
import { heatOf, histogramOf } from '../../hunt/charts.ts';
import { fieldReader } from '../../hunt/field-value.ts';
import { lanesOf } from '../../hunt/lanes.ts';
import { pageOf, rowAtTime } from '../../hunt/page.ts';
import { countRows } from '../../hunt/row-mask.ts';
import { parseTimeSpan } from '../../hunt/time-span.ts';
import type { CallScope, CallTable, EngineReq } from '../call-scope.ts';
import { csvLine } from '../csv.ts';
import { readLines } from '../event-batch.ts';
import type { MoreFields } from '../event-lines.ts';
import { binsFor, decided, scopeOf } from '../hunt-scope.ts';
import { huntingOf } from '../hunting.ts';
import { previousWrite } from '../previous-write.ts';
import { laneCondition } from '../query-text.ts';

export const timelineCalls = {
  'events/page': async ({ scope: asked, fields, ...request }, { store, signal }) => {
    const hunting = huntingOf(store);
    const { index } = hunting.source;
    const { rows, ...page } = await pageOf(hunting.select(scopeOf(asked)), index, request, signal);
    const ids = rows.map((row) => index.columns.id[row] as number);
    return { ...page, rows: await readLines(ids, store, moreOf(fields)) };
  },
  'events/count': async ({ scope: asked }, scope) => ({ count: (await decided(asked, scope)).count }),
  'events/find': (req, scope) => found(req, scope),
  'events/previous-write': ({ id }, { store, signal }) => previousWrite(id, store, signal),
  'events/histogram': async ({ scope: asked, bins: most, stack }, scope) => {
    const { mask } = await decided(asked, scope);
    const hunting = huntingOf(scope.store);
    const { index } = hunting.source;
    const bins = binsFor(index, asked.range, most);
    const alerts = alertsByBin(hunting.proofs(), mask, bins, index.columns.time);
    return {
      ...histogramOf(index, mask, bins, stack),
      alerts: alerts.map(({ bin, alerts: count, level }) => ({ bar: bin, count, level })),
      gaps: gapsOf(scope),
    } satisfies Histogram;
  },
  'events/lanes': async ({ scope: asked, by, bins: most, limit }, scope) => {
    const { mask } = await decided(asked, scope);
    const hunting = huntingOf(scope.store);
    const { index } = hunting.source;
    const bins = binsFor(index, asked.range, most);
    return lanesOf(index, mask, bins, { by, limit }, hunting.proofs(), laneCondition);
  },
  'events/heat': async ({ scope: asked }, scope) => {
    const { mask } = await decided(asked, scope);
    return heatOf(huntingOf(scope.store).source.index, mask);
  },
  'export/events': async ({ scope: asked, order, fields, format }, scope) => {
    const selection = await decided(asked, scope);
    const name = `events.${format}`;
    const type = format === 'csv' ? 'text/csv' : 'application/jsonl';
    return scope.files.write(name, type, exported(selection.mask, order, fields, format, scope));
  },
} satisfies Partial<CallTable>;

function moreOf(fields: readonly string[] | undefined): MoreFields | undefined {
  if (fields === undefined || fields.length === 0) return undefined;
  const readers = fields.map(fieldReader);
  return (values, event) => readers.map((read) => read(event, values).join(', ') || null);
}

/** Silences that the ledger knows, as ranges. */
function gapsOf({ store }: CallScope): TimeRange[] {
  return store.ledger().flatMap(({ gaps }) =>
    gaps.flatMap(({ from, to }) => {
      const range = { from: parseTime(from), to: parseTime(to) };
      return range.from === null || range.to === null ? [] : [{ from: range.from, to: range.to }];
    }),
  );
}

async function found(
  { text, scope: asked }: { readonly text: string; readonly scope: Scope },
  { store, signal }: CallScope,
): Promise<{ id: number; ordinal: number | null } | null> {
  const hunting = huntingOf(store);
  const { index } = hunting.source;
  const row = rowNamed(text.trim(), hunting.source.index);
  if (row === null) return null;
  const selection = hunting.select(scopeOf(asked));
  if (selection.isDecided(row) && selection.mask[row] === 1)
    return {
      id: index.columns.id[row] as number,
      ordinal: row <= selection.decidedTo ? countRows(selection.mask, 0, row) : null,
    };
  signal.throwIfAborted();
  return { id: index.columns.id[row] as number, ordinal: null };
}

/** Row of an event by its number, its audit id (the first of its stages), or the first at a time. */
function rowNamed(text: string, index: ReturnType<typeof huntingOf>['source']['index']): number | null {
  const isRow = (row: number) => (row >= 0 && row < index.columns.count ? row : null);
  if (/^\d{1,15}$/.test(text)) return isRow(index.rowOf(Number(text)));
  const span = parseTimeSpan(text);
  if (span !== null) return isRow(rowAtTime(index, span.first, 'oldest'));
  const rows =
    text === '' ? [] : [...index.auditIds(text)].filter(({ auditID }) => auditID.toLowerCase() === text.toLowerCase());
  return rows.length === 0 ? null : Math.min(...rows.map(({ id }) => index.rowOf(id)));
}

type Export = EngineReq<'export/events'>;
const PAGE = 500;

async function* exported(
  mask: Uint8Array,
  order: Export['order'],
  fields: readonly string[],
  format: Export['format'],
  { store, signal }: CallScope,
): AsyncGenerator<string> {
  const { id } = store.index().columns;
  const isCsv = format === 'csv';
  if (isCsv) yield csvLine(fields);
  const readers = moreOf(fields);
  const first = order === 'oldest' ? 0 : mask.length - 1;
  const step = order === 'oldest' ? 1 : -1;
  let page: number[] = [];
  for (let row = first; row >= 0 && row < mask.length; row += step) {
    if (mask[row] === 1) page.push(id[row] as number);
    if (page.length < PAGE) continue;
    signal.throwIfAborted();
    yield* textOf(await readLines(page, store, readers), fields, isCsv);
    page = [];
  }
  yield* textOf(await readLines(page, store, readers), fields, isCsv);
}

function* textOf(lines: readonly EventLine[], fields: readonly string[], isCsv: boolean): Generator<string> {
  for (const { more } of lines) {
    if (isCsv) yield csvLine(more);
    else yield `${JSON.stringify(Object.fromEntries(fields.map((field, at) => [field, more[at] ?? null])))}\n`;
  }
}

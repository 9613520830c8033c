import { parse } from 'csv-parse/sync';
import type { IndicatorKind } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import { IndicatorCollector } from './collector.ts';
import type { Indicator, ReadIndicators } from './indicator.ts';
import { dayOf, indicatorOf, kindOf, refang } from './kind-of.ts';
import { mispIndicators } from './misp-types.ts';

/** Names of columns that lists use, in lower case. */
const VALUE = [
  'value',
  'indicator',
  'ioc',
  'ip',
  'address',
  'ip_address',
  'ip address',
  'dst_ip',
  'src_ip',
  'observable',
];
const TYPE = ['type', 'kind', 'indicator_type', 'ioc_type'];
const NOTE = ['comment', 'note', 'description', 'threat', 'tags', 'malware'];
const DATE = ['date', 'last_seen', 'last_seen_utc', 'modified', 'updated', 'first_seen', 'first_seen_utc'];

/** A table with a header row, as feeds and MISP export it. Without a known header the first value of a known kind in each row counts. */
export function readCsv(text: string, kind: IndicatorKind | null): ReadIndicators {
  const rows = rowsOf(text);
  const header = (rows[0] ?? []).map((name) => name.toLowerCase().replace(/^[#\s"]+|["\s]+$/g, ''));
  const at = (names: readonly string[]) => names.map((name) => header.indexOf(name)).find((index) => index >= 0) ?? -1;
  const [valueAt, typeAt, noteAt, dateAt] = [at(VALUE), at(TYPE), at(NOTE), at(DATE)];
  const collector = new IndicatorCollector();
  let date: string | null = null;
  for (const row of valueAt < 0 ? rows : rows.slice(1)) {
    const note = row[noteAt] ?? '';
    const day = dayOf(row[dateAt]);
    if (day !== null && (date === null || day > date)) date = day;
    const found = valueAt < 0 ? anyOf(row, kind) : typed(row[valueAt] ?? '', row[typeAt] ?? '', kind, note);
    if (found.length === 0) collector.skip('of a kind that stands in no audit log, or none at all');
    for (const indicator of found) collector.add(indicator, '');
  }
  return collector.result({ format: 'csv', date, origin: '' });
}

function rowsOf(text: string): string[][] {
  try {
    const delimiter = [',', ';', '\t', '|'].find((one) => text.split(/\r?\n/, 1)[0]?.includes(one)) ?? ',';
    const options = {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      bom: true,
    };
    const rows = parse(text, options) as string[][];
    return rows.filter((row, index) => index === 0 || !row[0]?.startsWith('#'));
  } catch (cause) {
    throw new CaseError('list/invalid', 'The table of indicators cannot be read.', {
      hint: 'Give comma-separated values with a header row.',
      cause,
    });
  }
}

function typed(value: string, type: string, kind: IndicatorKind | null, note: string): Indicator[] {
  const fromType = mispIndicators(type.toLowerCase(), value, note);
  if (fromType.length > 0) return fromType;
  const found = kind ?? kindOf(refang(value));
  return found === null ? [] : (one(indicatorOf(found, value, { note })) ?? []);
}

const one = (indicator: Indicator | null): Indicator[] | null => (indicator === null ? null : [indicator]);

function anyOf(row: readonly string[], kind: IndicatorKind | null): Indicator[] {
  if (kind !== null) return one(indicatorOf(kind, row[0] ?? '')) ?? [];
  for (const cell of row) {
    const found = kindOf(refang(cell));
    const indicator = found === null ? null : indicatorOf(found, cell);
    if (indicator !== null) return [indicator];
  }
  return [];
}

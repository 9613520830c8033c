import type { Evidence } from '../contract/rows.ts';
import { visible } from '../text.ts';
import type { Call } from './call.ts';
import { type Column, tableLines } from './table.ts';
import { count, counted, listed, size } from './words.ts';

const COLUMNS: readonly Column[] = [
  { head: 'Path', least: 24, cut: 'start' },
  { head: 'Format', least: 12 },
  { head: 'Size', align: 'right' },
  { head: 'Unique', align: 'right' },
  { head: 'Duplicate', align: 'right' },
  { head: 'Skipped', align: 'right' },
  { head: 'Malformed', align: 'right' },
  { head: 'Records', align: 'right' },
  { head: 'SHA-256' },
];

/** Sums over lines of the ledger. */
export interface Sums {
  readonly uniqueEvents: number;
  readonly duplicates: number;
  readonly skippedRecords: number;
  readonly malformedRecords: number;
  readonly records: number;
}

export function sumsOf(ledger: readonly Evidence[]): Sums {
  const total = (key: keyof Sums) => ledger.reduce((sum, line) => sum + line[key], 0);
  return {
    uniqueEvents: total('uniqueEvents'),
    duplicates: total('duplicates'),
    skippedRecords: total('skippedRecords'),
    malformedRecords: total('malformedRecords'),
    records: total('records'),
  };
}

/** The ledger as a table with its sums, and a line for all that was not read whole. */
export function ledgerLines(ledger: readonly Evidence[], call: Call): string[] {
  const rows = ledger.map((line) => [
    line.path,
    formatOf(line),
    size(line.bytes),
    ...counts(line),
    line.sha256.slice(0, 12),
  ]);
  const sum = [`All, ${counted(ledger.length, 'line')}`, '', '', ...counts(sumsOf(ledger)), ''];
  return [...tableLines(COLUMNS, [...rows, sum], call.width), '', sumLine(sumsOf(ledger)), ...ledger.flatMap(remarks)];
}

function counts(sums: Sums): string[] {
  return [sums.uniqueEvents, sums.duplicates, sums.skippedRecords, sums.malformedRecords, sums.records].map(count);
}

function formatOf(line: Evidence): string {
  const inside = line.format ?? (line.nearMiss ? `no (${line.nearMiss})` : '-');
  return line.containers.length === 0 ? inside : `${inside} in ${line.containers.join(', ')}`;
}

/** Nothing is dropped in silence: the sum that must hold. */
export function sumLine(sums: Sums): string {
  const { uniqueEvents, duplicates, skippedRecords, malformedRecords, records } = sums;
  const isWhole = uniqueEvents + duplicates + skippedRecords + malformedRecords === records;
  const parts = [`${count(uniqueEvents)} unique`, `${count(duplicates)} duplicate`, `${count(skippedRecords)} skipped`];
  const verdict = isWhole ? 'the sum reconciles' : 'THE SUM DOES NOT RECONCILE';
  return `${parts.join(' + ')} + ${count(malformedRecords)} malformed = ${counted(records, 'record')}: ${verdict}.`;
}

/** What a person must know of a member besides its counts. */
export function remarks(line: Evidence): string[] {
  const rejected = (line.rejectedMembers ?? []).map(({ path, reason }) => `${path} was not read: ${reason}`);
  const gaps = line.gaps.map(({ from, to, reason }) => `no record from ${from} to ${to}: ${reason}`);
  const notes = [
    ...(line.nearMiss ? [`looks like ${line.nearMiss}, which is no Kubernetes audit log`] : []),
    ...(line.limitHit ? [`reading ended at the limit "${line.limitHit}"; what was read before is kept`] : []),
    ...line.warnings,
    ...rejected,
    ...gaps,
  ];
  return notes.map((note) => visible(`${line.path}: ${note}`));
}

/** One sentence on what an import has read. */
export function readSentence(ledger: readonly Evidence[], milliseconds: string): string {
  const sums = sumsOf(ledger);
  const members = ledger.filter((line) => line.format !== null || line.records > 0);
  const bytes = members.reduce((sum, line) => sum + line.bytes, 0);
  const asides = [
    ...(sums.duplicates > 0 ? [`${counted(sums.duplicates, 'duplicate')} folded`] : []),
    ...(sums.skippedRecords > 0 ? [`${count(sums.skippedRecords)} skipped`] : []),
    ...(sums.malformedRecords > 0 ? [`${count(sums.malformedRecords)} malformed`] : []),
  ];
  const aside = asides.length === 0 ? '' : `; ${listed(asides)}`;
  const what = `${counted(sums.uniqueEvents, 'event')} in ${counted(members.length, 'file')} (${size(bytes)})`;
  return `Read ${what} in ${milliseconds}${aside}.`;
}

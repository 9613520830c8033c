import type { Ledger, LedgerSum, OpenedCase } from '../../contract/case-calls.ts';
import type { Evidence } from '../../contract/rows.ts';
import { parseTime } from '../../event/time.ts';
import { toActionRow } from '../action-text.ts';
import type { CallScope, CallTable } from '../call-scope.ts';
import { csvLine } from '../csv.ts';
import { sealCase } from '../custody.ts';
import { undoAction } from '../undo.ts';

export const caseCalls = {
  'case/open': (_req, scope) => openedCase(scope),

  'case/seal': ({ reason }, scope) => {
    const { store, examiner, change } = scope;
    change(() => sealCase(store, reason, examiner, Date.now() * 1000));
    store.compact();
    return openedCase(scope);
  },

  'actions/page': ({ after, limit }, { store }) => {
    const all = store.actions().reverse();
    const rest = after === undefined ? all : all.filter(({ id }) => id < after);
    const rows = rest.slice(0, limit).map(toActionRow);
    return { rows, next: rest.length > limit ? (rows.at(-1)?.id ?? null) : null };
  },

  'actions/undo': ({ action }, scope) => ({ action: undoAction(action, scope) }),

  'evidence/ledger': (_req, { store, session }) => ledgerOf(session.evidence(), store.files().length),

  'rejected/page': ({ limit, ...bounds }, { store }) => {
    const rows = [...store.rejected({ ...bounds, limit: limit + 1 })];
    const shown = rows.slice(0, limit);
    return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  },

  'export/actions': ({ format }, { store, files }) => {
    const rows = store.actions().map(toActionRow);
    const name = `actions.${format}`;
    if (format === 'jsonl')
      return files.write(
        name,
        'application/jsonl',
        rows.map((row) => `${JSON.stringify(row)}\n`),
      );
    const lines = rows.map((row) => [row.id, row.time, row.examiner, row.name, row.text, row.hash]);
    return files.write(name, 'text/csv', [['id', 'time', 'examiner', 'name', 'text', 'hash'], ...lines].map(csvLine));
  },
} satisfies Partial<CallTable>;

/** The case and how it is opened. */
export function openedCase({ store, role, examiner }: CallScope): OpenedCase {
  const glance = store.glance();
  const [from, to] = [parseTime(glance.firstTime), parseTime(glance.lastTime)];
  return {
    ...glance,
    role,
    examiner,
    isReadOnly: store.isReadOnly,
    isSealed: store.isSealed,
    span: from === null || to === null ? null : { from, to },
    version: store.version,
  };
}

function ledgerOf(rows: readonly Evidence[], files: number): Ledger {
  const sum = (read: (row: Evidence) => number) => rows.reduce((total, row) => total + read(row), 0);
  const members = rows.filter((row) => row.format !== null || row.records > 0);
  const sums: Omit<LedgerSum, 'reconciles'> = {
    files,
    members: members.length,
    bytes: sum((row) => row.bytes),
    records: sum((row) => row.records),
    unique: sum((row) => row.uniqueEvents),
    duplicates: sum((row) => row.duplicates),
    skipped: sum((row) => row.skippedRecords),
    malformed: sum((row) => row.malformedRecords),
  };
  return { sum: { ...sums, reconciles: rows.every(reconciles) }, rows };
}

function reconciles(row: Evidence): boolean {
  const { records, eventCount, uniqueEvents, duplicates, skippedRecords, malformedRecords } = row;
  return eventCount === uniqueEvents + duplicates && records === eventCount + skippedRecords + malformedRecords;
}

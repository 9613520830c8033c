import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openCase } from '../../core/host/open-case.ts';
import { type CaseColumns, ID_COLUMNS, readColumns } from '../../core/store/case-columns.ts';
import { CONTEXT, caseOf, newCasePath, SAMPLES, temporaryFolder } from '../host/case.ts';

const NORTHWIND = join(import.meta.dirname, '../../sample/northwind');
const ORDER = `FROM event CROSS JOIN block ON block.id = event.block CROSS JOIN evidence ON evidence.id = block.evidence
  ORDER BY event.time, event.elapsed, evidence.sha256, block.offset + event.start, event.id`;

/** The same columns as SQL reads them from the rows. */
function columnsOfRows(db: Database.Database): unknown[] {
  const columns = ['id', 'time', 'elapsed', ...ID_COLUMNS].map((column) => `event.${column}`);
  return db
    .prepare(`SELECT ${columns.join(', ')} ${ORDER}`)
    .raw()
    .all();
}

function rowsOf(columns: CaseColumns): unknown[] {
  const time = (value: number | undefined) => (Number.isNaN(value) ? null : value);
  return Array.from({ length: columns.count }, (_, row) => [
    columns.id[row],
    time(columns.time[row]),
    columns.elapsed[row],
    ...ID_COLUMNS.map((column) =>
      ['address', 'agent', 'namespace', 'name'].includes(column) ? columns[column][row] || null : columns[column][row],
    ),
  ]);
}

/** Twenty records of one moment in two files, and events that only have no time. */
function tiedEvidence(): string[] {
  const folder = temporaryFolder();
  const event = (i: number, time: object) =>
    JSON.stringify({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      auditID: `id-${i}`,
      stage: 'ResponseComplete',
      verb: 'get',
      ...time,
    });
  const at = (i: number) => ({
    requestReceivedTimestamp: `2026-03-04T10:15:0${i % 3}.000000Z`,
    stageTimestamp: '2026-03-04T10:15:09.000000Z',
  });
  return ['a.log', 'b.log'].map((name, file) => {
    const path = join(folder, name);
    const lines = Array.from({ length: 10 }, (_, i) => event(file * 100 + i, i === 4 ? {} : at(i)));
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  });
}

test.each([
  ['a real log', [NORTHWIND]],
  ['all samples', [SAMPLES]],
  ['records of one moment', tiedEvidence()],
])('columns of %s are the rows in their order', async (_, evidence) => {
  const path = newCasePath();
  (await caseOf(evidence, {}, path)).close();
  const db = new Database(path, { readonly: true });

  expect(rowsOf(readColumns(db))).toEqual(columnsOfRows(db));
  db.close();
});

test('a second import with fuller copies and older events leaves columns that agree with the rows', async () => {
  const path = newCasePath();
  const [first = '', second = ''] = tiedEvidence();
  (await caseOf([second], {}, path)).close();
  (await caseOf([join(SAMPLES, 'k8s-audit-jsonl.log')], {}, path)).close();
  const session = await caseOf([first], {}, path);
  const db = new Database(path, { readonly: true });

  expect(rowsOf(readColumns(db))).toEqual(columnsOfRows(db));
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  db.close();
  session.close();
});

test('where columns are damaged the rows are read, and verify names the chunk', async () => {
  const path = newCasePath();
  (await caseOf([NORTHWIND], {}, path)).close();
  const db = new Database(path);
  const whole = rowsOf(readColumns(db));
  const stored = db.prepare('SELECT columns FROM event_chunk WHERE id = 0').pluck().get() as Buffer;
  stored[100] = (stored[100] as number) ^ 1;
  db.prepare('UPDATE event_chunk SET columns = ? WHERE id = 0').run(stored);

  expect(rowsOf(readColumns(db))).toEqual(whole);
  db.close();
  const session = openCase(path, { mode: 'read', examiner: 'tester' });
  const { checks } = await session.verify({ evidence: [] }, CONTEXT);
  session.close();
  expect(checks.filter((check) => !check.ok)).toEqual([
    { name: 'columns', ok: false, detail: 'columns of the event ids 1 to 4095: its bytes were changed' },
  ]);
});

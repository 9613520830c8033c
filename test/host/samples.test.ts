import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EventRow, Evidence } from '../../core/contract/rows.ts';
import { CONTEXT, caseOf, eventsOf, SAMPLES } from './case.ts';

interface Expected {
  readonly format: string | null;
  readonly containers: readonly string[];
  readonly eventCount: number;
  readonly uniqueEvents?: number;
  readonly auditIDs: readonly string[];
  readonly stages: readonly string[];
  readonly firstEvent?: Readonly<Record<string, unknown>>;
  readonly skippedRecords: number;
  readonly malformedRecords: number;
  readonly nearMiss?: string;
  readonly limitHit?: string;
  readonly password?: string;
  readonly rejectedMembers?: number;
  readonly unsafeNames?: number;
  readonly members?: readonly { readonly path: string; readonly eventCount: number; readonly format: string | null }[];
}

const expected: Readonly<Record<string, Expected>> = JSON.parse(
  readFileSync(join(SAMPLES, 'EXPECTED.json'), 'utf8'),
).files;
const names = readdirSync(SAMPLES).filter((name) => name in expected);

const sum = (lines: readonly Evidence[], key: 'eventCount' | 'uniqueEvents' | 'skippedRecords' | 'malformedRecords') =>
  lines.reduce((total, line) => total + line[key], 0);

/** Places in the order of the evidence, copies included: what EXPECTED.json lists. */
function inFileOrder(rows: readonly EventRow[], ledger: readonly Evidence[]): string[] {
  const order = new Map(ledger.map((line, index) => [line.path, index]));
  const places = rows.flatMap((row) => [row.evidence, ...row.copies].map((place) => ({ row, place })));
  places.sort(
    (a, b) =>
      (order.get(a.place.path) ?? 0) - (order.get(b.place.path) ?? 0) ||
      a.place.offset - b.place.offset ||
      order_(a, b),
  );
  return places.map(({ row }) => row.auditID);
}

const order_ = (a: { row: EventRow }, b: { row: EventRow }) => a.row.id - b.row.id;

test('there are expectations for every sample', () => {
  expect(names.length).toBe(Object.keys(expected).length);
});

test.each(names)('%s is read as expected', async (name) => {
  const wanted = expected[name] as Expected;
  const session = await caseOf([join(SAMPLES, name)], {
    passwords: wanted.password === undefined ? [] : [wanted.password],
  });
  const ledger = session.evidence();
  const rows = await eventsOf(session);

  expect(
    ledger.every(
      (line) => line.records === line.uniqueEvents + line.duplicates + line.skippedRecords + line.malformedRecords,
    ),
  ).toBe(true);
  expect(sum(ledger, 'eventCount')).toBe(wanted.eventCount);
  expect(sum(ledger, 'uniqueEvents')).toBe(wanted.uniqueEvents ?? wanted.eventCount);
  expect(inFileOrder(rows, ledger)).toEqual(wanted.auditIDs);
  if (wanted.format !== null) {
    expect([sum(ledger, 'skippedRecords'), sum(ledger, 'malformedRecords')]).toEqual([
      wanted.skippedRecords,
      wanted.malformedRecords,
    ]);
    if (wanted.eventCount > 0 && wanted.members === undefined)
      expect(ledger.map((line) => line.format)).toContain(wanted.format);
  }
  if (wanted.members === undefined && wanted.eventCount > 0) {
    expect(ledger.filter((line) => line.eventCount > 0).map((line) => line.containers)).toContainEqual(
      wanted.containers,
    );
  }
  for (const member of wanted.members ?? []) {
    const line = ledger.find((candidate) => candidate.path.endsWith(`!/${member.path}`));
    expect([member.path, line?.format, line?.eventCount]).toEqual([member.path, member.format, member.eventCount]);
  }
  if (wanted.nearMiss !== undefined) expect(ledger.map((line) => line.nearMiss)).toContain(wanted.nearMiss);
  if (wanted.limitHit !== undefined) expect(ledger.map((line) => line.limitHit).filter(Boolean)).not.toEqual([]);
  expect(ledger.flatMap((line) => line.rejectedMembers ?? []).length).toBeGreaterThanOrEqual(
    wanted.rejectedMembers ?? 0,
  );
  expect(ledger.filter((line) => line.warnings.includes('unsafe-name')).length).toBeGreaterThanOrEqual(
    wanted.unsafeNames ?? 0,
  );
  if (wanted.firstEvent !== undefined) expect(rows.map(essence)).toContainEqual(wanted.firstEvent);
  expect(await session.verify({ evidence: [join(SAMPLES, name)] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

const essence = ({ verb, user, namespace, resource, name, subresource, code }: EventRow) => ({
  verb,
  username: user === '' ? null : user,
  namespace,
  resource,
  name,
  subresource,
  code,
});

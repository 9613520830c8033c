import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { CaseError } from '../../core/fault.ts';
import { openCase } from '../../core/host/open-case.ts';
import { CONTEXT, temporaryFolder } from '../host/case.ts';
import { makeFullCase } from './full-case.ts';
import {
  changeIndex,
  changeRows,
  changeSchema,
  changeValue,
  flip,
  randomFrom,
  tablesOf,
  tamper,
  wholeOf,
} from './tampering.ts';

/** Random places of each kind: `DECKLOG_PLACES=1000 DECKLOG_SEED=2 npx vitest run test/custody/tampering.test.ts`. */
const PLACES = Number(process.env['DECKLOG_PLACES'] ?? 60);
const SEED = Number(process.env['DECKLOG_SEED'] ?? 1);
const TIMEOUT = 90_000 + PLACES * 2000;

const folder = temporaryFolder();
const whole = join(folder, 'whole.decklog');
const copy = join(folder, 'copy.decklog');

beforeAll(() => makeFullCase(whole));

/** What `verify` finds different, or what refuses to open; null where nothing differs. */
async function found(path: string): Promise<string | null> {
  try {
    const session = openCase(path, { mode: 'read', examiner: 'tester' });
    try {
      const { ok, checks } = await session.verify({ evidence: [] }, CONTEXT);
      return ok ? null : checks.flatMap((check) => (check.ok ? [] : `${check.name}: ${check.detail}`)).join('\n');
    } finally {
      session.close();
    }
  } catch (error) {
    if (error instanceof CaseError) return error.message;
    return `NO FAULT: ${error}`;
  }
}

test('the case is whole, and no table of it is empty', async () => {
  const db = new Database(whole, { readonly: true });
  const empty = tablesOf(db).filter((table) => db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined);
  db.close();

  expect(empty).toEqual([]);
  expect(await found(whole)).toBe(null);
});

test.each([
  ['value', changeValue, 1],
  ['row', changeRows, 2],
  ['index', changeIndex, 3],
  ['schema', changeSchema, 4],
] as const)(
  'verify finds any changed %s, and says where',
  async (_name, change, kind) => {
    const random = randomFrom(SEED * 100 + kind);
    const missed: string[] = [];
    for (let place = 0; place < PLACES; place++) {
      copyFileSync(whole, copy);
      const done = tamper(copy, random, change);
      const said = await found(copy);
      if (said === null || !done.place.test(said)) missed.push(`${done.what} (${done.place}): ${said}`);
    }

    expect(missed).toEqual([]);
  },
  TIMEOUT,
);

test(
  'verify finds any changed bit of the file that says something',
  async () => {
    const random = randomFrom(SEED * 100 + 5);
    const bytes = readFileSync(whole);
    const before = wholeOf(whole);
    const missed: string[] = [];
    let silent = 0;
    for (let place = 0; place < PLACES; place++) {
      const what = flip(copy, bytes, random);
      const said = await found(copy);
      if (said?.startsWith('NO FAULT')) missed.push(`${what}: ${said}`);
      if (said !== null) continue;
      if (wholeOf(copy) === before) silent++;
      else missed.push(what);
    }

    expect(missed).toEqual([]);
    expect(silent).toBeLessThan(PLACES / 2);
  },
  TIMEOUT,
);

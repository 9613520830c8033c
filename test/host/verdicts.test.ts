import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { DetectOptions, DetectOutcome, Session } from '../../core/host/api.ts';
import { openCase } from '../../core/host/open-case.ts';
import { CONTEXT, caseOf, newCasePath, SHIPPED } from './case.ts';
import { logOf, rulesOf, ruleText } from './made-log.ts';

const SAMPLE = join(import.meta.dirname, '../../sample');
const [FIRST = '', ...OTHERS] = readdirSync(SAMPLE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.includes('.log'))
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

const found = ({ alerts, incidents, coverage }: Pick<DetectOutcome, 'alerts' | 'incidents' | 'coverage'>) => ({
  alerts,
  incidents,
  coverage,
});

/** Whether the last run took what the run before had met. */
const tookKept = (session: Session): boolean =>
  session.actions().findLast(({ name }) => name === 'rules/run')?.detail['verdicts'] === 'kept';

async function run(session: Session, options: DetectOptions = SHIPPED) {
  const outcome = await session.detect(options, CONTEXT);
  return { isKept: tookKept(session), found: found(outcome) };
}

test('the same rules over the same evidence read no event again and find the same, until they are told to', async () => {
  const session = await caseOf([SAMPLE], { rules: SHIPPED });
  const first = found({ alerts: session.alerts({}), incidents: session.incidents(), coverage: session.coverage() });

  expect(await run(session)).toEqual({ isKept: true, found: first });
  expect(await run(session, { ...SHIPPED, again: true })).toEqual({ isKept: false, found: first });
  expect(await run(session, { ...SHIPPED, profile: true })).toEqual({ isKept: false, found: first });
  expect(first.alerts.length).toBeGreaterThan(10);
  expect(session.actions().map(({ text }) => text)).toContainEqual(expect.stringContaining('by what they met before'));
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

test('other rules, other lists and further evidence are matched again', async () => {
  const session = await caseOf([FIRST], { rules: SHIPPED });
  const own = rulesOf({ pods: ruleText('Pods', '{objectRef.resource: pods}') });
  const withOwn = { shipped: true, paths: [own] };

  expect((await run(session, withOwn)).isKept).toBe(false);
  expect((await run(session, withOwn)).isKept).toBe(true);
  session.changeList({ name: 'miner_images', add: ['example.com/odd'] });
  expect((await run(session, withOwn)).isKept).toBe(false);
  await session.import([logOf([{ at: 0 }]), ...OTHERS], { passwords: [] }, CONTEXT);
  expect((await run(session, withOwn)).isKept).toBe(false);
  expect((await run(session, withOwn)).isKept).toBe(true);
  session.close();
});

test('rules that meet nothing are not matched again either', async () => {
  const rules = { shipped: false, paths: [rulesOf({ none: ruleText('None', '{verb: nothing}') })] };
  const session = await caseOf([logOf([{ at: 0 }])], { rules });
  expect(await run(session, rules)).toMatchObject({ isKept: true, found: { alerts: [] } });
  session.close();
});

test('verify names what was changed in them, and bytes that are not whole are not used', async () => {
  const path = newCasePath();
  const before = await caseOf([SAMPLE], { rules: SHIPPED }, path);
  const first = found({ alerts: before.alerts({}), incidents: before.incidents(), coverage: before.coverage() });
  before.close();
  const db = new Database(path);
  db.exec('UPDATE verdict SET data = substr(data, 1, length(data) - 1) WHERE chunk = 0');
  db.close();

  const session = openCase(path, { mode: 'write', examiner: 'tester' });
  const { checks } = await session.verify({ evidence: [] }, CONTEXT);
  expect(checks.filter(({ ok }) => !ok).map(({ name, detail }) => [name, detail])).toEqual([
    ['findings', expect.stringContaining('table verdict: the bytes of chunk 0 were changed')],
  ]);
  expect(await run(session)).toEqual({ isKept: false, found: first });
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

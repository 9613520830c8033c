import { randomUUID } from 'node:crypto';
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

/** Of how many events the last run took what the run before had found. */
const taken = (session: Session): unknown =>
  session.actions().findLast(({ name }) => name === 'rules/run')?.detail['kept'] ?? 0;

async function run(session: Session, options: DetectOptions = SHIPPED) {
  const outcome = await session.detect(options, CONTEXT);
  return { kept: taken(session), found: found(outcome) };
}

const foundIn = (session: Session) =>
  found({ alerts: session.alerts({}), incidents: session.incidents(), coverage: session.coverage() });

const countOf = (session: Session) => session.glance().events;

test('the same rules over the same evidence read no event again and find the same, until they are told to', async () => {
  const session = await caseOf([SAMPLE], { rules: SHIPPED });
  const first = foundIn(session);

  expect(await run(session)).toEqual({ kept: countOf(session), found: first });
  expect(await run(session, { ...SHIPPED, again: true })).toEqual({ kept: 0, found: first });
  expect(await run(session, { ...SHIPPED, profile: true })).toEqual({ kept: 0, found: first });
  expect(first.alerts.length).toBeGreaterThan(10);
  expect(session.actions().map(({ text }) => text)).toContainEqual(
    expect.stringContaining(`of which ${countOf(session).toLocaleString('en')} events as matched before`),
  );
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

test('other rules and other lists are matched again', async () => {
  const session = await caseOf([FIRST], { rules: SHIPPED });
  const withOwn = { shipped: true, paths: [rulesOf({ pods: ruleText('Pods', '{objectRef.resource: pods}') })] };

  expect((await run(session, withOwn)).kept).toBe(0);
  expect((await run(session, withOwn)).kept).toBe(countOf(session));
  session.changeList({ name: 'miner_images', add: ['example.com/odd'] });
  expect((await run(session, withOwn)).kept).toBe(0);
  session.close();
});

test('of evidence that grows only what is new is matched, and it is found what is found anew', async () => {
  const session = await caseOf([FIRST], { rules: SHIPPED });
  const first = countOf(session);
  await session.import(OTHERS, { passwords: [], rules: SHIPPED }, CONTEXT);
  const onTheWay = { kept: taken(session), found: foundIn(session) };
  const anew = await run(session, { ...SHIPPED, again: true });
  expect(onTheWay).toEqual({ kept: first, found: anew.found });
  expect(await run(session)).toEqual({ kept: countOf(session), found: anew.found });
  session.close();

  const later = await caseOf([FIRST], { rules: SHIPPED });
  for (const path of OTHERS) await later.import([path], { passwords: [] }, CONTEXT);
  const inBetween = await run(later);
  expect(inBetween).toEqual({ kept: first, found: (await run(later, { ...SHIPPED, again: true })).found });
  expect(inBetween.found.alerts).toEqual(anew.found.alerts);
  expect(await later.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  later.close();
});

test('an event for which a fuller copy stands since is matched by that', async () => {
  const rules = {
    shipped: false,
    paths: [rulesOf({ web: ruleText('Web', '{requestObject.metadata.labels.app: web}') })],
  };
  const event = { at: 0, verb: 'create', on: 'pods', more: { auditID: randomUUID() } };
  const [poor, full] = [{}, { level: 'Request', requestObject: { metadata: { labels: { app: 'web' } } } }].map((more) =>
    logOf([{ at: 60 }, { ...event, more: { ...event.more, ...more } }]),
  );
  const session = await caseOf([poor as string], { rules });
  expect(session.alerts({})).toEqual([]);
  await session.import([full as string], { passwords: [] }, CONTEXT);

  const { found: late } = await run(session, rules);
  expect(late.alerts.map(({ rule }) => rule.title)).toEqual(['Web']);
  expect((await run(session, { ...rules, again: true })).found).toEqual(late);
  session.close();
});

test('rules that meet nothing are not matched again either', async () => {
  const rules = { shipped: false, paths: [rulesOf({ none: ruleText('None', '{verb: nothing}') })] };
  const session = await caseOf([logOf([{ at: 0 }])], { rules });
  expect(await run(session, rules)).toMatchObject({ kept: 1, found: { alerts: [] } });
  session.close();
});

test('verify names what was changed in them, and bytes that are not whole are not used', async () => {
  const path = newCasePath();
  const before = await caseOf([SAMPLE], { rules: SHIPPED }, path);
  const first = foundIn(before);
  before.close();
  const db = new Database(path);
  db.exec('UPDATE verdict SET data = substr(data, 1, length(data) - 1) WHERE id = 1');
  db.close();

  const session = openCase(path, { mode: 'write', examiner: 'tester' });
  const { checks } = await session.verify({ evidence: [] }, CONTEXT);
  expect(checks.filter(({ ok }) => !ok).map(({ name, detail }) => [name, detail])).toEqual([
    ['findings', expect.stringContaining('table verdict: the bytes of id 1 were changed')],
  ]);
  expect(await run(session)).toEqual({ kept: 0, found: first });
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

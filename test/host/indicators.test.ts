import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Session } from '../../core/host/api.ts';
import { openCase } from '../../core/host/open-case.ts';
import { CONTEXT, caseOf, newCasePath, temporaryFolder } from './case.ts';
import { logOf, type Made } from './made-log.ts';

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'c', image: 'docker.io/evil/miner:1' }] },
};

const EVENTS: readonly Made[] = [
  { at: 0 },
  { at: 60, more: { sourceIPs: ['198.51.100.9'] } },
  { at: 120, more: { sourceIPs: ['198.51.100.9'], user: { username: 'zoe@corp.example' } } },
  { at: 180, more: { sourceIPs: ['198.51.100.9', '10.0.0.5'] } },
  { at: 240, verb: 'create', level: 'Request', code: 201, request: POD, more: { sourceIPs: ['10.0.0.5'] } },
];

const NONE = { shipped: false, paths: [] } as const;
const listed = (text: string, more: object = {}) => ({
  name: 'feed',
  file: 'feed.txt',
  bytes: Buffer.from(text),
  date: '2026-03-01',
  ...more,
});

async function alertsOf(session: Session) {
  const { alerts } = await session.detect(NONE, CONTEXT);
  return alerts.map(({ level, title, user, count, summary }) => [level, title, user, count, summary.split('. ')[0]]);
}

test('hits are alerts that name the list and its day, one for each identity', async () => {
  const session = await caseOf([logOf(EVENTS)]);

  session.addIndicators(listed('198.51.100.0/24 # spring\nevil/miner:1\n203.0.113.200\n'));

  expect(await alertsOf(session)).toEqual([
    [
      'medium',
      'Address in a network on the list feed of 2026-03-01',
      'mia@corp.example',
      2,
      expect.stringContaining('it says: spring'),
    ],
    [
      'medium',
      'Address in a network on the list feed of 2026-03-01',
      'zoe@corp.example',
      1,
      expect.stringContaining('198.51.100.9 is on the list feed of 2026-03-01 as 198.51.100.0/24'),
    ],
    [
      'medium',
      'Image on the list feed of 2026-03-01',
      'mia@corp.example',
      1,
      'docker.io/evil/miner:1 is on the list feed of 2026-03-01 as evil/miner:1',
    ],
  ]);
  expect(session.indicators()).toMatchObject([
    { name: 'feed', counts: { address: 1, image: 1, network: 1 }, hits: 3, isStale: false },
  ]);
  session.close();
});

test('a stale list is said to be stale, in the list, in coverage and in its alerts, which count less', async () => {
  const session = await caseOf([logOf(EVENTS)]);

  session.addIndicators(listed('198.51.100.9\n', { date: '2025-01-01' }));
  session.addIndicators(listed('203.0.113.200\n', { name: 'undated', date: undefined }));

  const alerts = await alertsOf(session);
  expect(alerts.map(([level]) => level)).toEqual(['low', 'low']);
  expect(alerts[0]?.[4]).toMatch(/stale: the list is 427 days older than the end of the log/);
  expect(session.indicators().map(({ name, staleness }) => [name, staleness])).toEqual([
    ['feed', 'the list is 427 days older than the end of the log'],
    ['undated', 'nobody knows the day of the list'],
  ]);
  expect(session.coverage().map(({ rule, state, reason }) => [rule.title, state, reason])).toEqual([
    ['Indicators of feed (2025-01-01)', 'fired', '2 alerts; stale: the list is 427 days older than the end of the log'],
    [
      'Indicators of undated (of an unknown day)',
      'clean',
      'none of its 1 values stands in the log; stale: nobody knows the day of the list',
    ],
  ]);
  session.close();
});

test('a list of images is blind in a log without bodies', async () => {
  const session = await caseOf([logOf(EVENTS.slice(0, 4))]);

  session.addIndicators(listed('docker.io/evil/miner\n'));
  await alertsOf(session);

  expect(session.coverage()).toMatchObject([{ state: 'blind', reason: 'no request body names an image' }]);
  session.close();
});

test('lists that stand in a case are compared with what is imported later, and the order of files leaves no trace', async () => {
  const [first, second] = [logOf(EVENTS.slice(0, 3), 'a.log'), logOf(EVENTS.slice(3), 'b.log')] as const;
  const found = [];
  for (const paths of [
    [first, second],
    [second, first],
  ]) {
    const path = newCasePath();
    const session = openCase(path, { mode: 'create', examiner: 'tester' });
    session.addIndicators(listed('198.51.100.0/24\nevil/miner:1\n'));
    const { alerts } = await session.import(paths, { passwords: [], rules: NONE }, CONTEXT);
    found.push(alerts);
    session.close();
  }

  expect(found[0]?.length).toBe(3);
  expect(found[1]).toEqual(found[0]);
});

test('adding and removing are actions, and verify finds an indicator changed', async () => {
  const path = newCasePath();
  const session = await caseOf([logOf(EVENTS)], {}, path);
  session.addIndicators(listed('198.51.100.9\n'));
  session.addIndicators(listed('203.0.113.9\n', { name: 'other' }));
  session.removeIndicators('other', 'not ours');
  expect((await session.verify({ evidence: [] }, CONTEXT)).ok).toBe(true);
  session.close();
  const db = new Database(path);
  const actions = db.prepare("SELECT name FROM action WHERE name LIKE 'indicators/%' ORDER BY id").pluck().all();
  db.exec("UPDATE indicator SET value = '198.51.100.8'");
  db.close();

  const changed = openCase(path, { mode: 'read', examiner: 'tester' });
  const { checks } = await changed.verify({ evidence: [] }, CONTEXT);

  expect(actions).toEqual(['indicators/add', 'indicators/add', 'indicators/remove']);
  expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['settings']);
  changed.close();
});

test('a name is given once, a reader changes nothing, and a user agent that looks like a list of addresses does no harm', async () => {
  const path = newCasePath();
  const odd = { at: 300, more: { userAgent: '["198.51.100.9', sourceIPs: ['10.0.0.9'] } };
  const session = await caseOf([logOf([...EVENTS, odd])], {}, path);
  session.addIndicators(listed('198.51.100.9\n'));
  const again = () => session.addIndicators(listed('203.0.113.9\n'));

  expect(again).toThrow(expect.objectContaining({ code: 'list/invalid' }));
  expect((await alertsOf(session)).length).toBe(2);
  session.close();
  const reader = openCase(path, { mode: 'read', examiner: 'tester' });
  expect(() => reader.removeIndicators('feed', 'x')).toThrow(expect.objectContaining({ code: 'case/read-only' }));
  reader.close();
});

test('bytes of another encoding are read', async () => {
  const session = await caseOf([logOf(EVENTS)]);
  const path = join(temporaryFolder(), 'wide.txt');
  writeFileSync(path, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('198.51.100.9\n', 'utf16le')]));

  const list = session.addIndicators(listed('', { bytes: readFileSync(path) }));

  expect(list.counts).toEqual({ address: 1 });
  session.close();
});

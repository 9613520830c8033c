import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Session } from '../../core/host/api.ts';
import { openCase } from '../../core/host/open-case.ts';
import { CONTEXT, caseOf, newCasePath, SHIPPED, temporaryFolder } from './case.ts';

/** A request from an address. */
const request = (address: string) => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Metadata',
  auditID: `0b0cfd43-4d20-4d2a-9f3c-0000000000${address.slice(-2)}`,
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods',
  verb: 'list',
  user: { username: 'ines@corp.example', groups: ['system:authenticated'] },
  sourceIPs: [address],
  userAgent: 'kubectl/v1.31.2 (linux/amd64) kubernetes/5864a46',
  objectRef: { resource: 'pods', namespace: 'shop', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 200 },
  requestReceivedTimestamp: '2026-03-04T10:15:01.120431Z',
  stageTimestamp: '2026-03-04T10:15:01.131877Z',
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
});

async function caseWithAddresses(path = newCasePath()): Promise<Session> {
  const log = join(temporaryFolder(), 'audit.log');
  writeFileSync(
    log,
    ['203.0.113.17', '198.51.100.23'].map((address) => `${JSON.stringify(request(address))}\n`).join(''),
  );
  return caseOf([log], {}, path);
}

const addressesAlerted = async (session: Session): Promise<readonly string[]> => {
  const { alerts } = await session.detect(SHIPPED, CONTEXT);
  return alerts
    .filter((alert) => alert.defender === 'K8S_TI_Proxy' || /address/i.test(alert.rule.title))
    .flatMap((alert) => alert.sourceIPs);
};
const ownOf = (session: Session, name: string) => session.lists().find((list) => list.name === name);

test("a value of the case's own makes a rule see, and its run keeps the list", async () => {
  const path = newCasePath();
  const session = await caseWithAddresses(path);
  const before = await addressesAlerted(session);

  session.changeList({ name: 'threat_addresses', add: ['203.0.113.0/24'], note: 'seen in March' });
  const after = await addressesAlerted(session);

  expect([before, after]).toEqual([[], ['203.0.113.17']]);
  expect(ownOf(session, 'threat_addresses')?.own).toEqual([
    { value: '203.0.113.0/24', note: 'seen in March', examiner: 'tester', time: expect.stringMatching(/^20.*Z$/) },
  ]);
  const kept = new Database(path, { readonly: true })
    .prepare("SELECT text FROM run_rule WHERE path = 'case/lists/threat_addresses.yml'")
    .pluck()
    .get();
  expect(kept).toContain('- 203.0.113.0/24');
});

test('values are taken out again, and shipped ones only as a whole', async () => {
  const session = await caseWithAddresses();
  session.changeList({ name: 'threat_addresses', add: ['203.0.113.17', '198.51.100.23'] });

  session.changeList({ name: 'threat_addresses', remove: ['203.0.113.17'] });

  expect(await addressesAlerted(session)).toEqual(['198.51.100.23']);
  expect(() => session.changeList({ name: 'miner_images', remove: ['*xmrig*'] })).toThrow('no value of this case');
  session.changeList({ name: 'miner_images', replaces: true, add: ['*/coin:*'] });
  expect(ownOf(session, 'miner_images')).toMatchObject({ isReplaced: true, own: [{ value: '*/coin:*' }] });
  session.changeList({ name: 'miner_images', replaces: false });
  expect(ownOf(session, 'miner_images')).toMatchObject({ isReplaced: false });
});

test('values that a rule cannot compare with are refused, and nothing is changed', async () => {
  const session = await caseWithAddresses();

  expect(() => session.changeList({ name: 'threat_addresses', add: ['evil.example'] })).toThrow('a rule cannot be run');
  expect(() => session.changeList({ name: 'threat_addresses', add: [''] })).toThrow('is empty');
  expect(() => session.changeList({ name: '../../etc', add: ['x'] })).toThrow('no name of a list');
  expect(ownOf(session, 'threat_addresses')?.own).toEqual([]);
});

test('a change is a signed action that verify covers', async () => {
  const path = newCasePath();
  const session = await caseWithAddresses(path);
  session.changeList({ name: 'known_users', add: ['ines@corp.example'], note: 'from the team' });
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();

  const db = new Database(path);
  const actions = db.prepare("SELECT examiner, detail FROM action WHERE name = 'list/change'").all() as {
    detail: string;
  }[];
  db.exec("UPDATE list_entry SET value = 'mallory@corp.example'");
  db.close();

  expect(actions).toMatchObject([{ examiner: 'tester' }]);
  expect(JSON.parse(actions[0]?.detail ?? '')).toMatchObject({
    list: 'known_users',
    added: ['ines@corp.example'],
    note: 'from the team',
  });
  const changed = openCase(path, { mode: 'read', examiner: 'tester' });
  const { checks } = await changed.verify({ evidence: [] }, CONTEXT);
  expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['settings']);
  expect(() => changed.changeList({ name: 'known_users', add: ['x'] })).toThrow('A reader may not');
});

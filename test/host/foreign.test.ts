import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../core/host/api.ts';
import { openCase } from '../../core/host/open-case.ts';
import { decklog, document, ROOT } from '../cli/decklog.ts';
import { CONTEXT, caseOf, collect, SHIPPED, temporaryFolder } from './case.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/defender');
const [API, HUB, TABLE] = ['alerts-api.json', 'event-hub.jsonl', 'security-alert-table.json'].map((name) =>
  join(FOLDER, name),
) as [string, string, string];
const LOG = join(ROOT, 'sample', 'northwind', 'nw-cp-1', 'audit.log.gz');

const path = join(temporaryFolder(), 'case.decklog');
let session: Session;
const given = (file: string) => ({ file: basename(file), bytes: readFileSync(file) });

beforeAll(async () => {
  session = await caseOf([LOG], { rules: SHIPPED }, path);
});
afterAll(() => session.close());

test('each shape of an export is read: beside our findings, which stay as they are', async () => {
  const before = JSON.stringify(session.alerts({}));

  const files = [API, HUB, TABLE].map((file) => session.addForeign(given(file)));
  const alerts = session.foreignAlerts();

  expect(files.map(({ name, shape, alerts: many }) => [name, shape, many])).toEqual([
    ['alerts-api.json', 'rest', 2],
    ['event-hub.jsonl', 'event-hub', 2],
    ['security-alert-table.json', 'table', 1],
  ]);
  expect(
    alerts.map(({ type, level, namespace, object, users, sourceIPs }) => [
      type,
      level,
      namespace,
      object,
      users,
      sourceIPs,
    ]),
  ).toEqual([
    ['K8S_MaliciousContainerExec', 'medium', 'shop', 'pods/cart-7d9', ['bob@northwind.example'], ['10.20.0.24']],
    ['K8S_AnomalousSecretAccess', 'medium', 'payments', 'secret/db', [], ['203.0.113.77']],
    ['K8S_ServiceAccountRareOperation', 'medium', 'ci', 'northwind', ['system:serviceaccount:ci:deployer'], []],
    ['K8S_AbnormalMiActivity', 'high', null, null, [], []],
    ['K8S_PrivilegedContainer', 'low', null, 'northwind', [], []],
  ]);
  expect(alerts[2]).toMatchObject({
    tactics: ['lateral-movement', 'credential-access'],
    attack: ['T1550'],
    cluster: 'northwind',
  });
  expect(JSON.stringify(session.alerts({}))).toBe(before);
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  expect(session.actions().at(-1)).toMatchObject({
    name: 'foreign/add',
    text: 'brought in 1 alert of another tool from security-alert-table.json',
  });
});

test('ours for the same detection at that time stand beside them, and no others', () => {
  const own = new Map(session.alerts({}).map((alert) => [alert.id, alert]));
  const alerts = session.foreignAlerts();

  expect(alerts.filter(({ ours }) => ours.length > 0).length).toBeGreaterThan(0);
  for (const { type, ours } of alerts) for (const id of ours) expect(own.get(id)?.defender).toBe(type);
  expect(alerts.find(({ key }) => key === '2518_b2')?.ours).toEqual([]);
});

test('what we export in both shapes comes back with the ids of ours beside it', async () => {
  for (const format of ['defender', 'defender-eventhub'] as const) {
    const own = session.alerts({ level: 'high' });
    const bytes = Buffer.concat(
      await collect(session.outputs.export({ what: 'alerts', format, level: 'high' }, CONTEXT)),
    );
    const { id, alerts } = session.addForeign({ file: `${format}.json`, bytes });
    const back = session.foreignAlerts().filter(({ file }) => file === id);
    const mapped = own.filter(({ defender }) => defender !== null);

    expect(alerts).toBe(own.length);
    expect(mapped.length).toBeGreaterThan(0);
    for (const { key, id: number, firstTime, sourceIPs } of mapped)
      expect(back.find((alert) => alert.key === key)).toMatchObject({
        firstTime,
        sourceIPs: [...sourceIPs].sort(),
        ours: expect.arrayContaining([number]),
      });
    session.removeForeign(id, 'only a test');
    expect(session.foreignAlerts().some(({ file }) => file === id)).toBe(false);
  }
});

test('the report tells them in a section of its own, without a word in the findings', async () => {
  const request = { format: 'json', made: '2026-12-01T00:00:00.000Z' } as const;
  const [file] = await session.outputs.report(request, CONTEXT);
  const { findings, custody } = JSON.parse(Buffer.from(file?.bytes ?? []).toString());
  const [page] = await session.outputs.report({ ...request, format: 'html' }, CONTEXT);

  expect(custody.foreign).toHaveLength(5);
  expect(custody.foreign[0]).toMatchObject({ type: 'K8S_MaliciousContainerExec', file: 'alerts-api.json' });
  expect(JSON.stringify(findings)).not.toContain('2517_a1');
  expect(Buffer.from(page?.bytes ?? []).toString()).toContain(
    'Command within a container running with high privileges',
  );
});

test.each([
  ['', /no JSON/],
  ['[]', /holds no alert/],
  [
    '{"value":[{"a":1}]}',
    /^Alert 1 is no alert of Defender for Cloud: it has neither AlertType nor properties.alertType/,
  ],
  ['null', /^Alert 1 is no alert/],
  ['{"AlertType":"a"}\n{"AlertType":', /^Line 2 is no JSON/],
  ['{"AlertType":"a","SystemAlertId":"1"}', /^Alert 1 has no StartTimeUtc/],
  ['{"AlertType":"a","StartTimeUtc":"2026-01-01T00:00:00Z"}', /^Alert 1 has no SystemAlertId/],
  [
    '{"AlertType":"a","SystemAlertId":"1","StartTimeUtc":"2026-01-01T00:00:00Z"}\n{"AlertType":"a","SystemAlertId":"1","StartTimeUtc":"yesterday"}',
    /^Alert 2 \(line 2\): StartTimeUtc is no time: yesterday/,
  ],
  ['{"AlertType":"a","SystemAlertId":"1","StartTimeUtc":"2026-01-01T00:00:00Z","Severity":"Huge"}', /Severity is Huge/],
  ['{"name":"1","properties":{"alertType":"a","startTimeUtc":7}}', /has no startTimeUtc/],
])('%j is refused with its place, and nothing is kept', (text, message) => {
  const before = session.glance().head;

  expect(() => session.addForeign({ file: 'bad.json', bytes: Buffer.from(text) })).toThrow(message);
  expect(session.glance().head).toBe(before);
});

test('the same file is refused twice; a later export counts for an alert that both tell of', () => {
  const later = readFileSync(HUB, 'utf8').replaceAll('"Status": "New"', '"Status": "Resolved"');

  expect(() => session.addForeign(given(HUB))).toThrow(/stand in the case already, as file 2/);
  const { id } = session.addForeign({ file: 'later.jsonl', bytes: Buffer.from(later) });
  expect(session.foreignAlerts().find(({ key }) => key === '2518_b1')).toMatchObject({ file: id, status: 'Resolved' });
  session.removeForeign(id, 'back again');
  expect(session.foreignAlerts().find(({ key }) => key === '2518_b1')).toMatchObject({ file: 2, status: 'New' });
});

test('verify finds a changed byte of the file that was brought in', async () => {
  const copy = join(temporaryFolder(), 'copy.decklog');
  await session.outputs.copyCase(copy, undefined, CONTEXT);
  const db = new Database(copy);
  db.exec("UPDATE foreign_file SET data = CAST(data || x'20' AS BLOB) WHERE id = 1");
  db.close();
  const changed = openCase(copy, { mode: 'read', examiner: 'tester' });
  const { checks } = await changed.verify({ evidence: [] }, CONTEXT);
  changed.close();

  expect(checks.filter(({ ok }) => !ok)).toEqual([
    { name: 'foreign', ok: false, detail: expect.stringContaining('table foreign_file: the bytes of id 1') },
  ]);
});

test('the command line brings them in, lists them, and refuses what is none', async () => {
  const own = join(temporaryFolder(), 'own.decklog');
  await decklog(['investigate', LOG, '--case', own, '--quiet']);
  const added = await document(['foreign', 'add', own, API]);
  const listed = await decklog(['foreign', 'list', own]);
  const bad = await decklog(['foreign', 'add', own, LOG]);
  const reader = await decklog(['foreign', 'add', own, HUB, '--role', 'reader']);
  const removed = await decklog(['foreign', 'remove', own, '1', '--reason', 'wrong cluster']);

  expect(added).toMatchObject({ name: 'alerts-api.json', shape: 'rest', alerts: 2 });
  expect(listed.stdout).toMatch(/K8S_MaliciousContainerExec +shop\/pods\/cart-7d9/);
  expect([bad.code, reader.code, removed.code]).toEqual([1, expect.any(Number), 0]);
  expect(reader.code).not.toBe(0);
  expect(bad.stderr).toContain('The file is no text.');
}, 90_000);

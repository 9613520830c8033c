import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openCase } from '../../core/host/open-case.ts';
import { CONTEXT, caseOf, collect, eventsOf, newCasePath, SAMPLES, SHIPPED, temporaryFolder } from './case.ts';

const JSONL = join(SAMPLES, 'k8s-audit-jsonl.log');

test('every event of a plain file can be printed again as the line it was', async () => {
  const session = await caseOf([JSONL]);
  const lines = await collect(session.rawEvents({ query: '', limit: 1000 }, CONTEXT));

  expect(lines.map((line) => Buffer.from(line).toString()).sort()).toEqual(
    readFileSync(JSONL, 'utf8').trimEnd().split('\n').sort(),
  );
  session.close();
});

test('importing the same evidence twice adds duplicates to the ledger and nothing else', async () => {
  const path = newCasePath();
  const once = await caseOf([JSONL], { rules: SHIPPED }, path);
  const before = [once.glance().events, once.alerts({})];
  once.close();

  const twice = await caseOf([JSONL], { rules: SHIPPED }, path);

  expect([twice.glance().events, twice.alerts({})]).toEqual(before);
  expect(twice.evidence().at(-1)).toMatchObject({ eventCount: 10, uniqueEvents: 0, duplicates: 10 });
  expect(await twice.verify({ evidence: [JSONL] }, CONTEXT)).toMatchObject({ ok: true });
  twice.close();
});

test('the order of files leaves no trace in events, places and alerts', async () => {
  const folder = temporaryFolder();
  const lines = readFileSync(JSONL, 'utf8').trimEnd().split('\n');
  const first = join(folder, 'one.log');
  const second = join(folder, 'two.log.gz');
  writeFileSync(first, `${lines.slice(0, 7).join('\n')}\n`);
  writeFileSync(second, zlib.gzipSync(`${lines.slice(4).join('\n')}\n`));

  const sessions = [
    await caseOf([first, second], { rules: SHIPPED }),
    await caseOf([second, first], { rules: SHIPPED }),
  ];
  const seen = await Promise.all(
    sessions.map(async (session) => ({
      events: (await eventsOf(session)).map(({ id: _, server: _server, ...row }) => row),
      alerts: session.alerts({}),
    })),
  );

  expect(seen[0]?.events.length).toBe(10);
  expect(seen[0]).toEqual(seen[1]);
  for (const session of sessions) session.close();
});

test('the fuller copy represents an event, whichever came first', async () => {
  const folder = temporaryFolder();
  const line = readFileSync(JSONL, 'utf8')
    .split('\n')
    .find((text) => text.includes('"requestObject":{')) as string;
  const { requestObject: _, responseObject: _response, ...poorer } = JSON.parse(line);
  const [full, poor] = [join(folder, 'full.log'), join(folder, 'poor.log')];
  writeFileSync(full, `${line}\n`);
  writeFileSync(poor, `${JSON.stringify(poorer)}\n`);

  for (const order of [
    [full, poor],
    [poor, full],
  ]) {
    const session = await caseOf(order);
    const [event, ...others] = await eventsOf(session);

    expect(others).toEqual([]);
    expect([event?.evidence.path, event?.copies.map((copy) => copy.path)]).toEqual([full, [poor]]);
    expect(Buffer.from(session.raw(event?.id ?? 0)).toString()).toBe(line);
    expect(await session.verify({ evidence: order }, CONTEXT)).toMatchObject({ ok: true });
    session.close();
  }
});

test('a reused audit id with other content is kept and flagged on both sides', async () => {
  const path = join(temporaryFolder(), 'conflict.log');
  const event = JSON.parse(readFileSync(JSONL, 'utf8').split('\n')[0] as string);
  writeFileSync(path, `${JSON.stringify(event)}\n${JSON.stringify({ ...event, userAgent: 'curl/8.9.1' })}\n`);
  const session = await caseOf([path]);

  const rows = await eventsOf(session);

  expect(rows.map((row) => row.flags)).toEqual([['conflict'], ['conflict']]);
  session.close();
});

test('pages of events follow each other without gap or overlap', async () => {
  const session = await caseOf([JSONL]);
  const all = (await eventsOf(session)).map((row) => row.id);

  const paged: number[] = [];
  for (;;) {
    const last = paged.at(-1);
    const page = await collect(
      session.events({ query: '', limit: 3, ...(last !== undefined && { afterId: last }) }, CONTEXT),
    );
    if (page.length === 0) break;
    paged.push(...page.map((row) => row.id));
  }

  expect(paged).toEqual(all);
  session.close();
});

const EDITS: Readonly<Record<string, string>> = {
  'an event row changed': 'UPDATE event SET length = length + 1 WHERE id = 3',
  'a time changed': 'UPDATE event SET time = time + 1 WHERE id = 3',
  'an event removed': 'DELETE FROM event WHERE id = 10',
  'an alert removed': 'DELETE FROM alert WHERE id = 1',
  'an alert made smaller': 'UPDATE alert SET level = 0 WHERE id = 1',
  'an action removed': 'DELETE FROM action WHERE id = 1',
  'actions in another order':
    'UPDATE action SET id = CASE id WHEN 2 THEN 3 WHEN 3 THEN 2 ELSE id END * 10; UPDATE action SET id = id / 10',
  'a ledger line changed': 'UPDATE evidence SET malformed = 5',
  'a name in a dictionary changed': "UPDATE term SET text = 'mallory' WHERE id = (SELECT user FROM actor WHERE id = 1)",
  'a rule text changed': "UPDATE run_rule SET text = text || ' ' WHERE position = 0",
  'a byte of the columns for searching changed':
    "UPDATE event_chunk SET columns = CAST(substr(columns, 1, length(columns) - 1) || x'00' AS BLOB)",
  'a stored byte changed': "UPDATE block SET data = CAST(data || x'00' AS BLOB)",
};

test.each(Object.keys(EDITS))('verify finds %s', async (name) => {
  const session = await caseOf([JSONL], { rules: SHIPPED });
  const { path } = session.glance();
  session.close();
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.exec(EDITS[name] as string);
  db.close();

  const opened = openCase(path, { mode: 'read', examiner: 'tester' });
  const { ok, checks } = await opened.verify({ evidence: [] }, CONTEXT);
  opened.close();

  expect(ok).toBe(false);
  expect(checks.filter((check) => !check.ok).length).toBeGreaterThan(0);
});

test('verify names an evidence file that was changed', async () => {
  const path = join(temporaryFolder(), 'audit.log');
  copyFileSync(JSONL, path);
  const session = await caseOf([path]);
  writeFileSync(path, readFileSync(JSONL, 'utf8').replace('"verb"', '"Verb"'));

  const { ok, checks } = await session.verify({ evidence: [path] }, CONTEXT);

  expect(ok).toBe(false);
  expect(checks.at(-1)).toMatchObject({ name: 'files', ok: false });
  session.close();
});

test('a remembered head proves that nothing was cut off', async () => {
  const session = await caseOf([JSONL]);
  const { head } = session.glance();

  expect(await session.verify({ evidence: [], head }, CONTEXT)).toMatchObject({ ok: true });
  expect(await session.verify({ evidence: [], head: 'ab'.repeat(32) }, CONTEXT)).toMatchObject({ ok: false });
  session.close();
});

test('a changed status needs a reason, is recorded, and survives another run', async () => {
  const session = await caseOf([join(import.meta.dirname, '../../sample/northwind')], { rules: SHIPPED });
  const alert = session.alerts({})[0];
  if (alert === undefined) throw new Error('the sample must give alerts');

  expect(() => session.setStatus(alert.id, 'benign', ' ')).toThrow(/reason/);
  session.setStatus(alert.id, 'benign', 'known test');
  await session.detect(SHIPPED, CONTEXT);

  expect(session.alert(alert.id)).toMatchObject({
    alert: { key: alert.key, status: 'benign' },
    history: [{ examiner: 'tester' }],
  });
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

test('running the rules over a stored case gives the alerts that the import gave', async () => {
  const evidence = [join(import.meta.dirname, '../../sample/northwind')];
  const session = await caseOf(evidence, { rules: SHIPPED });
  const imported = session.alerts({});

  const { alerts } = await session.detect(SHIPPED, CONTEXT);

  expect(imported.length).toBeGreaterThan(10);
  expect(alerts).toEqual(imported);
  session.close();
});

test('a reader changes nothing', async () => {
  const session = await caseOf([JSONL], { rules: SHIPPED });
  const { path } = session.glance();
  session.close();
  const before = readFileSync(path);

  const reader = openCase(path, { mode: 'read', examiner: 'tester' });
  expect(() => reader.setStatus(1, 'benign', 'because')).toThrow(/reader/);
  await expect(reader.import([JSONL], { passwords: [] }, CONTEXT)).rejects.toThrow(/reader/);
  await expect(reader.detect(SHIPPED, CONTEXT)).rejects.toThrow(/reader/);
  reader.close();

  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a cancelled import leaves the case as it was', async () => {
  const session = await caseOf([JSONL]);
  const before = session.glance();
  const cancel = new AbortController();
  const context = { signal: cancel.signal, progress: () => cancel.abort() };

  await expect(
    session.import([join(import.meta.dirname, '../../sample/northwind')], { passwords: [] }, context),
  ).rejects.toThrow();

  expect(session.glance()).toEqual(before);
  expect(await session.verify({ evidence: [JSONL] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

test('what is no case is said to be none, and a newer case is refused', async () => {
  const folder = temporaryFolder();
  const text = join(folder, 'text.decklog');
  writeFileSync(text, 'not a case at all, only some text that is long enough to be read as a header of a file');
  const newer = newCasePath();
  (await caseOf([JSONL], {}, newer)).close();
  const db = new Database(newer);
  db.pragma('user_version = 9999');
  db.close();

  const open = (path: string) => () => openCase(path, { mode: 'read', examiner: 'tester' });

  expect(open(join(folder, 'none.decklog'))).toThrow(expect.objectContaining({ code: 'case/missing' }));
  expect(open(text)).toThrow(expect.objectContaining({ code: 'case/not-a-case' }));
  expect(open(newer)).toThrow(expect.objectContaining({ code: 'case/newer' }));
});

test('a case with a schema of somebody else is refused', async () => {
  const session = await caseOf([JSONL]);
  const { path } = session.glance();
  session.close();
  const db = new Database(path);
  db.exec('CREATE TRIGGER surprise AFTER INSERT ON action BEGIN DELETE FROM event; END');
  db.close();

  expect(() => openCase(path, { mode: 'read', examiner: 'tester' })).toThrow(
    expect.objectContaining({ code: 'case/damaged' }),
  );
});

test.each(['1', '3', '7'])('%s workers give the same events and alerts', async (workers) => {
  const evidence = [join(import.meta.dirname, '../../sample/northwind')];
  const before = process.env.DECKLOG_WORKERS;
  const one = await caseOf(evidence, { rules: SHIPPED });
  process.env.DECKLOG_WORKERS = workers;
  const many = await caseOf(evidence, { rules: SHIPPED });
  if (before === undefined) delete process.env.DECKLOG_WORKERS;
  else process.env.DECKLOG_WORKERS = before;

  expect([many.glance().events, many.alerts({})]).toEqual([one.glance().events, one.alerts({})]);
  for (const session of [one, many]) session.close();
});

test('a log of more blocks than workers have in hand is read to its end', async () => {
  const path = join(temporaryFolder(), 'long.log');
  const line = JSON.parse(readFileSync(JSONL, 'utf8').split('\n')[0] as string);
  const lines = Array.from({ length: 40_000 }, (_, i) => {
    const auditID = `6b8a445e-2d38-465f-a74b-${String(i).padStart(12, '0')}`;
    return JSON.stringify({ ...line, auditID });
  });
  writeFileSync(path, `${lines.join('\n')}\n`);

  const session = await caseOf([path]);

  expect(session.glance().events).toBe(40_000);
  session.close();
});

import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCase } from '../../core/host/open-case.ts';
import { CONTEXT, temporaryFolder } from '../host/case.ts';
import { foundCase, LOG, openDoor, TestPage } from './pages.ts';

const NOTHING = {};

test('a page reads the case, its ledger and its alerts through the engine', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);

  const opened = await page.call('case/open', NOTHING);
  const ledger = await page.call('evidence/ledger', NOTHING);
  const counts = await page.call('alerts/counts', { filter: {} });
  const first = await page.call('alerts/page', { filter: {}, order: 'level', limit: 5 });

  expect(opened).toMatchObject({ role: 'admin', examiner: 'tester', isReadOnly: false });
  expect(ledger.sum).toMatchObject({ unique: opened.events, reconciles: true });
  expect(counts.total).toBe(opened.alerts);
  expect(first.rows).toHaveLength(5);
  const detail = await page.call('alerts/detail', { id: first.rows[0]?.id as number });
  expect(detail.proof.rows.length).toBeGreaterThan(0);
  const event = await page.call('events/detail', { id: detail.proof.rows[0]?.id as number });
  expect(JSON.parse(event.json).auditID).toBe(event.event.auditID);
});

test('the strips of API servers hold every event that has a time', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);

  const strips = await page.call('evidence/strip', { bins: 50 });
  const { events } = await page.call('case/open', NOTHING);

  expect(strips.map(({ server }) => server)).toEqual(['nw-cp-1', 'nw-cp-2']);
  expect(strips.flatMap(({ bins }) => bins).reduce((sum, count) => sum + count, 0)).toBe(events);
});

test('pages of alerts meet without a gap, and groups hold all of them', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);
  const seen: number[] = [];
  let after: number | undefined;
  do {
    const { rows, next } = await page.call('alerts/page', {
      filter: {},
      order: 'time',
      limit: 7,
      ...(after !== undefined && { after }),
    });
    seen.push(...rows.map(({ id }) => id));
    after = next ?? undefined;
  } while (after !== undefined);

  const { total } = await page.call('alerts/counts', { filter: {} });
  expect(new Set(seen).size).toBe(total);
  for (const by of ['incident', 'rule', 'identity', 'object', 'none'] as const) {
    const groups = await page.call('alerts/groups', { filter: {}, by });
    expect(groups.reduce((sum, group) => sum + group.alerts, 0)).toBe(total);
    const [group] = groups;
    const members = await page.call('alerts/page', {
      filter: {},
      group: { by, key: group?.key as string },
      order: 'time',
      limit: 500,
    });
    expect(members.total).toBe(group?.alerts);
  }
});

test('a decision needs a reason, is told to every page, stands in the log, and can be undone once', async () => {
  const path = await foundCase();
  const { door } = await openDoor(path);
  const [page, other] = [new TestPage(door), new TestPage(door)];
  const ids = [1, 2, 3];

  expect(await page.fault('alerts/decide', { ids, status: 'dismissed', reason: ' ' })).toBe('alert/reason-missing');
  const { action } = await page.call('alerts/decide', { ids, status: 'dismissed', reason: 'a drill' });
  const dismissed = await page.call('alerts/page', { filter: { statuses: ['dismissed'] }, order: 'time', limit: 10 });
  await other.notice((notice) => notice.kind === 'changed');
  const { history } = await page.call('alerts/detail', { id: 2 });
  await page.call('actions/undo', { action });
  const open = await page.call('alerts/counts', { filter: {} });

  expect(dismissed.rows.map(({ id }) => id).sort()).toEqual(ids);
  expect(history).toMatchObject([{ examiner: 'tester', text: 'called 3 alerts dismissed: a drill' }]);
  expect(open.byStatus.dismissed).toBe(0);
  expect(await page.fault('actions/undo', { action })).toBe('usage');
  const session = openCase(path, { mode: 'read', examiner: 'other' });
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

test('stars, tags and notes stand on events, alerts, entities and times, and go again', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);
  const targets = [
    { kind: 'event', id: 5 },
    { kind: 'alert', id: 1 },
    { kind: 'entity', entity: { kind: 'user', name: 'a b' } },
    { kind: 'time', from: 10, to: 20 },
  ] as const;

  await page.call('marks/add', { targets, mark: { kind: 'star', text: '' } });
  await page.call('marks/add', { targets, mark: { kind: 'star', text: '' } });
  const tagged = await page.call('marks/add', { targets: [targets[1]], mark: { kind: 'tag', text: 'seen' } });
  const note = await page.call('marks/add', { targets: [targets[0]], mark: { kind: 'note', text: 'first' } });
  await page.call('marks/edit', { id: note.ids[0] as number, text: 'second' });
  const all = await page.call('marks/list', { limit: 100 });
  const { line } = await page.call('alerts/detail', { id: 1 });
  await page.call('actions/undo', { action: tagged.action });
  await page.call('marks/take-off', { targets, mark: { kind: 'star', text: '' } });
  const left = await page.call('marks/list', { limit: 100 });

  expect(all.rows.filter(({ kind }) => kind === 'star').map(({ target }) => target)).toEqual(targets);
  expect(line.marks).toEqual({ isStarred: true, tags: ['seen'], notes: 0 });
  expect(left.rows).toMatchObject([{ kind: 'note', text: 'second', examiner: 'tester' }]);
  expect(
    await page.fault('marks/add', { targets: [{ kind: 'event', id: 1e9 }], mark: { kind: 'star', text: '' } }),
  ).toBe('event/unknown');
});

test('marks of an alert stay when the rules run again', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);
  await page.call('marks/add', { targets: [{ kind: 'alert', id: 4 }], mark: { kind: 'tag', text: 'kept' } });

  await page.call('detect/start', NOTHING);
  await page.notice((notice) => notice.kind === 'job' && notice.job.state === 'done');

  const { rows } = await page.call('alerts/page', { filter: { tags: ['kept'] }, order: 'time', limit: 10 });
  expect(rows).toHaveLength(1);
});

test('a reader reads everything and changes nothing; refusals are recorded', async () => {
  const { door } = await openDoor(await foundCase());
  const [admin, reader] = [new TestPage(door), new TestPage(door, 'reader')];

  const opened = await reader.call('case/open', NOTHING);
  const codes = [
    await reader.fault('alerts/decide', { ids: [1], status: 'dismissed', reason: 'x' }),
    await reader.fault('marks/add', { targets: [{ kind: 'alert', id: 1 }], mark: { kind: 'star', text: '' } }),
    await reader.fault('detect/start', NOTHING),
    await reader.fault('import/start', { sources: [{ token: 'a'.repeat(32) }], detect: true }),
    await reader.fault('evidence/browse', NOTHING),
  ];

  expect(opened.role).toBe('reader');
  expect(codes).toEqual(codes.map(() => 'case/read-only'));
  const { rows } = await admin.call('actions/page', { limit: 10 });
  const refusals = rows.filter(({ name }) => name === 'call/refused').map(({ detail }) => detail['call']);
  expect(refusals.sort()).toEqual(['alerts/decide', 'detect/start', 'evidence/browse', 'import/start', 'marks/add']);
});

test('a case that is served for reading is not touched, not even by refusals', async () => {
  const path = await foundCase();
  const { door } = await openDoor(path, { role: 'reader' });
  const page = new TestPage(door);
  const { version } = await page.call('case/open', NOTHING);

  expect(await page.fault('alerts/decide', { ids: [1], status: 'dismissed', reason: 'x' })).toBe('case/read-only');
  expect((await page.call('case/open', NOTHING)).version).toBe(version);
  expect(existsSync(`${path}-wal`)).toBe(false);
});

test('evidence is imported from a token; a folder outside of the roots is not shown', async () => {
  const folder = temporaryFolder();
  const root = join(folder, 'evidence');
  mkdirSync(root);
  writeFileSync(join(root, 'readme.txt'), 'x');
  symlinkSync('/etc', join(root, 'elsewhere'));
  const path = join(folder, 'new.decklog');
  openCase(path, { mode: 'create', examiner: 'tester' }).close();
  const { door } = await openDoor(path, { roots: [root] });
  const page = new TestPage(door);

  const roots = await page.call('evidence/browse', NOTHING);
  const inside = await page.call('evidence/browse', { token: roots[0]?.token as string });
  const { token } = door.evidence.give(LOG, 'audit.log', 10);
  const { job } = await page.call('import/start', { sources: [{ token }], detect: true });
  await page.notice((notice) => notice.kind === 'job' && notice.job.id === job && notice.job.state === 'done');
  const { rows } = await page.call('evidence/ledger', NOTHING);

  expect(inside.map(({ name }) => name)).toEqual(['readme.txt']);
  expect(rows.map((row) => row.path)).toEqual(['audit.log']);
  expect(rows[0]?.uniqueEvents).toBe(10);
  expect(await page.fault('import/start', { sources: [{ token: 'b'.repeat(32) }], detect: true })).toBe('usage');
});

test('no place of evidence passes for a folder of rules, in which is written', async () => {
  const folder = temporaryFolder();
  const { door } = await openDoor(await foundCase(), { roots: [folder] });
  const page = new TestPage(door);
  const [root] = await page.call('evidence/browse', {});
  const given = door.evidence.give(folder, folder, null);
  for (const token of [root?.token as string, given.token, 'a'.repeat(32)])
    expect(await page.fault('studio/use-folder', { token })).toBe('usage');
  expect(await page.call('studio/folders', {})).toEqual([]);

  const chosen = { token: door.evidence.giveRuleFolder(folder) };
  expect(await page.fault('import/start', { sources: [chosen], detect: true })).toBe('usage');
  expect(await new TestPage(door, 'reader').fault('studio/use-folder', chosen)).toBe('case/read-only');
  expect(await page.call('studio/use-folder', chosen)).toEqual([folder]);
});

test('a list of indicators comes from a token, and goes with a reason', async () => {
  const file = join(temporaryFolder(), 'feed');
  writeFileSync(file, '198.51.100.23\n203.0.113.77\n');
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);
  const { token } = door.evidence.give(file, 'feed.txt', 10);

  const added = await page.call('indicators/add', { token, name: 'feed' });
  const listed = await page.call('indicators/lists', NOTHING);
  const left = await page.call('indicators/remove', { name: 'feed', reason: 'stale' });

  expect(added).toMatchObject({ name: 'feed', file: 'feed.txt' });
  expect(listed).toHaveLength(1);
  expect(left).toEqual([]);
});

test('a job is cancelled and leaves the case as it was', async () => {
  const path = await foundCase();
  const { door } = await openDoor(path);
  const page = new TestPage(door);
  const before = await page.call('case/open', NOTHING);

  const { job } = await page.call('detect/start', NOTHING);
  expect(await page.fault('alerts/decide', { ids: [1], status: 'dismissed', reason: 'x' })).toBe('case/busy');
  await page.call('jobs/cancel', { job });
  await page.notice((notice) => notice.kind === 'job' && notice.job.id === job && notice.job.state !== 'running');

  const [last] = await page.call('jobs/list', NOTHING);
  expect(last).toMatchObject({ id: job, state: 'cancelled' });
  expect((await page.call('case/open', NOTHING)).head).toBe(before.head);
});

test('verifying runs beside other calls and finds the case sound', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);

  await page.call('verify/start', NOTHING);
  await page.call('case/open', NOTHING);
  await page.notice((notice) => notice.kind === 'job' && notice.job.state === 'done');

  expect(await page.call('verify/last', NOTHING)).toMatchObject({ result: { ok: true } });
});

test('SQL reads the case, and nothing else', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);
  const run = (sql: string) => page.ask('sql/run', { sql, limit: 3, timeoutMs: 10_000 }).answer;

  const counted = await run('SELECT count(*) AS n FROM event');
  const cut = await run('SELECT id FROM event ORDER BY id');
  const refused = [];
  for (const sql of [
    'DELETE FROM event',
    "ATTACH '/etc/passwd' AS x",
    'PRAGMA writable_schema = ON',
    'WITH x AS (SELECT 1) DELETE FROM event',
    "SELECT load_extension('x')",
    'SELECT 1; DELETE FROM event',
    'SELECT nothing FROM nowhere',
    'SELECT hex(zeroblob(900000000))',
  ]) {
    const answer = await run(sql);
    refused.push(answer.ok ? sql : answer.fault.code);
  }

  const opened = await page.call('case/open', NOTHING);
  expect(counted).toMatchObject({ ok: true, value: { columns: ['n'], rows: [[opened.events]], isCut: false } });
  expect(cut).toMatchObject({ ok: true, value: { rows: [[1], [2], [3]], isCut: true } });
  expect(refused).toEqual(refused.map(() => 'sql/invalid'));
});

const ENDLESS = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';

test('endless SQL is ended by its time or by cancelling, and blocks nothing meanwhile', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);

  const late = page.ask('sql/run', { sql: ENDLESS, limit: 1, timeoutMs: 500 });
  const quick = await page.call('case/open', NOTHING);
  expect(quick.role).toBe('admin');
  expect(await late.answer).toMatchObject({ ok: false, fault: { code: 'sql/limit' } });

  const cancelled = page.ask('sql/run', { sql: ENDLESS, limit: 1, timeoutMs: 60_000 });
  const next = page.ask('sql/run', { sql: 'SELECT 7', limit: 1, timeoutMs: 60_000 });
  setTimeout(() => page.cancel(cancelled.id), 300);
  expect(await cancelled.answer).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
  expect(await next.answer).toMatchObject({ ok: true, value: { rows: [[7]] } });
});

test('an engine that dies is started again; what was asked is answered once, and nothing is lost', async () => {
  const { door, links } = await openDoor(await foundCase());
  const page = new TestPage(door);
  await page.call('marks/add', { targets: [{ kind: 'alert', id: 1 }], mark: { kind: 'note', text: 'before' } });

  const inFlight = [page.ask('case/open', NOTHING), page.ask('alerts/counts', { filter: {} })];
  links[0]?.kill();
  const answers = await Promise.all(inFlight.map(({ answer }) => answer));
  const after = page.ask('marks/list', { limit: 10 });
  await page.notice((notice) => notice.kind === 'engine' && notice.state === 'back');

  for (const answer of answers) if (!answer.ok) expect(answer.fault.code).toBe('engine/lost');
  expect(await after.answer).toMatchObject({ ok: true, value: { rows: [{ text: 'before' }] } });
  expect([...page.answers.values()]).toEqual([...page.answers.values()].map(() => 1));
  expect(links).toHaveLength(2);
});

test('an engine that dies while it imports leaves the case as it was', async () => {
  const path = await foundCase();
  const { door, links } = await openDoor(path);
  const page = new TestPage(door);
  const before = await page.call('case/open', NOTHING);

  await page.call('detect/start', NOTHING);
  await page.notice((notice) => notice.kind === 'job');
  links[0]?.kill();
  await page.notice((notice) => notice.kind === 'engine' && notice.state === 'back');

  expect((await page.call('case/open', NOTHING)).head).toBe(before.head);
  expect(await page.call('jobs/list', NOTHING)).toEqual([]);
});

test('a page that has gone is told nothing more, and its calls are cancelled', async () => {
  const { door } = await openDoor(await foundCase());
  const [page, other] = [new TestPage(door), new TestPage(door)];

  const { answer } = page.ask('sql/run', { sql: ENDLESS, limit: 1, timeoutMs: 60_000 });
  page.close();
  const gone = await Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve('nothing'), 300))]);

  expect(gone).toBe('nothing');
  expect(await other.call('sql/run', { sql: 'SELECT 1', limit: 1, timeoutMs: 20_000 })).toMatchObject({ rows: [[1]] });
});

test.each([
  ['no object', 'x'],
  ['another kind', { kind: 'tell', id: 1 }],
  ['no number', { kind: 'ask', id: '1', name: 'case/open', req: {} }],
  ['more than it may hold', { kind: 'ask', id: 1, name: 'case/open', req: {}, role: 'admin' }],
])('a message with %s shuts its page out', async (_, raw) => {
  const { door } = await openDoor(await foundCase());

  expect(new TestPage(door).hear(raw)).toBe(false);
});

test('what a call exports is a file of the private folder, with formulas defused', async () => {
  const { door, outFolder } = await openDoor(await foundCase());
  const page = new TestPage(door);

  const alerts = await page.call('export/alerts', { filter: {}, format: 'csv' });
  const sql = await page.call('export/sql', { sql: "SELECT '=1+1' AS cell, 2 AS n", format: 'csv' });

  expect(readFileSync(join(outFolder, alerts.token), 'utf8').split('\r\n').length).toBeGreaterThan(3);
  expect(readFileSync(join(outFolder, sql.token), 'utf8')).toBe("cell,n\r\n'=1+1,2\r\n");
});

test('rules tell their state, tests and source; the matrix and coverage agree with them', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);

  const rules = await page.call('rules/list', NOTHING);
  const tests = await page.call('rules/tests', NOTHING);
  const sum = await page.call('coverage/sum', NOTHING);
  const fired = await page.call('coverage/list', { state: 'fired' });
  const matrix = await page.call('rules/matrix', NOTHING);
  const one = rules.find(({ state }) => state === 'fired');
  const detail = await page.call('rules/detail', { id: one?.id as string });

  expect(tests.filter(({ failed }) => failed > 0)).toEqual([]);
  expect(tests.map(({ rule }) => rule)).toEqual(rules.map(({ id }) => id));
  expect(sum.fired).toBe(fired.length);
  expect(sum.fired + sum.clean + sum.blind).toBe(sum.rules);
  expect(rules.filter(({ state }) => state === 'fired')).toHaveLength(fired.length);
  expect(detail.text).toContain(`id: ${one?.id}`);
  expect(detail.tests.length).toBe(tests.find(({ rule }) => rule === one?.id)?.passed);
  expect(matrix.length).toBeGreaterThan(5);
  expect(matrix.flatMap(({ techniques }) => techniques).filter(({ id, name }) => id === name)).toEqual([]);
});

test('the overview tells the gravest story and what to do first', async () => {
  const { door } = await openDoor(await foundCase());
  const page = new TestPage(door);

  const overview = await page.call('overview/show', NOTHING);
  const list = await page.call('incidents/list', NOTHING);

  expect(overview.incidents).toHaveLength(list.length);
  expect(overview.first?.line).toEqual(overview.incidents[0]);
  expect(overview.startHere.length).toBeGreaterThan(0);
  expect(overview.identities.length).toBeGreaterThan(0);
});

test('a sealed case is changed by nobody any more', async () => {
  const path = await foundCase();
  const { door } = await openDoor(path);
  const page = new TestPage(door);

  expect(await page.call('case/seal', { reason: 'handed over' })).toMatchObject({ isSealed: true });
  expect(await page.fault('alerts/decide', { ids: [1], status: 'benign', reason: 'x' })).toBe('case/read-only');
  await page.call('detect/start', NOTHING);
  const notice = await page.notice((told) => told.kind === 'job' && told.job.state !== 'running');
  expect(notice).toMatchObject({ job: { state: 'failed', fault: { code: 'case/read-only' } } });
});

test('a report is looked at in a page of its own and made as a job, for what was chosen', async () => {
  const { door, outFolder } = await openDoor(await foundCase());
  const page = new TestPage(door);
  const { settings, sections } = await page.call('report/view', NOTHING);
  await page.call('marks/add', { targets: [{ kind: 'alert', id: 1 }], mark: { kind: 'star', text: '' } });

  const chosen = { ...settings, title: 'The <b>drill</b>', only: 'starred' as const, sections: ['scope', 'findings'] };
  const view = await page.call('report/choose', { settings: chosen });
  const { path } = await page.call('report/preview', NOTHING);
  await page.call('report/make', { format: 'md' });
  const notice = await page.notice((told) => told.kind === 'job' && told.job.state !== 'running');
  const html = readFileSync(join(outFolder, path.slice('/report/'.length)), 'utf8');

  expect(sections.every(({ isChosen }) => isChosen)).toBe(true);
  expect(view.collected.stars).toBe(1);
  expect(html).toContain('The &lt;b&gt;drill&lt;/b&gt;');
  expect(html).not.toContain('<b>drill');
  if (notice.kind !== 'job' || notice.job.result?.kind !== 'report') throw new Error(JSON.stringify(notice));
  expect(readFileSync(join(outFolder, notice.job.result.file.token), 'utf8')).toContain('1 finding');
});

import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ADMIN_CALLS, type CallName, SERVE_PATHS } from '../../core/contract/calls.ts';
import type { Answer } from '../../core/contract/fault.ts';
import { PARSERS } from '../../core/door/parsers.ts';
import { parseRequest } from '../../core/door/request.ts';
import { type Served, serveCase } from '../../core/serve/serve.ts';
import { makeFullCase } from '../custody/full-case.ts';
import { contentsOf, tablesOf } from '../custody/tampering.ts';
import { sampleOf } from '../door/sample-request.ts';
import { SHIPPED, temporaryFolder } from '../host/case.ts';

const NAMES = Object.keys(PARSERS) as CallName[];
/** Calls that hand something out: the serving admin's engine records that, and it changes nothing that the case holds. */
const HANDED_OUT = /^(export|export\/\w+|report\/make|bundle\/make)$/;

const path = join(temporaryFolder(), 'case.decklog');
let served: Served;

const serveAs = (role: 'admin' | 'reader') =>
  serveCase(path, { role, examiner: 'tester', rules: SHIPPED, evidenceRoots: [], port: 0, tell: () => {} });

beforeAll(async () => {
  await makeFullCase(path);
});
afterAll(async () => {
  await served?.close();
});

/** All that the case holds but its log of actions, and that log. */
function contents(): { readonly held: string; readonly actions: readonly { name: string; detail: string }[] } {
  const db = new Database(path, { readonly: true });
  const held = tablesOf(db).filter((table) => table !== 'action' && table !== 'table_hash');
  const result = {
    held: contentsOf(db, held),
    actions: db.prepare('SELECT name, detail FROM action ORDER BY id').all() as { name: string; detail: string }[],
  };
  db.close();
  return result;
}

interface Page {
  ask(name: string, req: unknown): Promise<Answer<unknown>>;
  say(message: unknown): void;
  readonly closed: Promise<number>;
  close(): void;
}

/** A page that says what it likes with a key. */
function pageWith(url: string): Promise<Page> {
  const { origin, host, hash } = new URL(url);
  const socket = new WebSocket(`ws://${host}${SERVE_PATHS.socket}`, { origin });
  const waiting = new Map<number, (answer: Answer<unknown>) => void>();
  let last = 0;
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const page: Page = {
    ask: (name, req) =>
      new Promise((resolve) => {
        waiting.set(++last, resolve);
        page.say({ kind: 'ask', id: last, name, req });
      }),
    say: (message) => socket.send(JSON.stringify(message)),
    closed,
    close: () => socket.close(),
  };
  return new Promise((resolve) => {
    socket.on('open', () => page.say({ kind: 'hello', token: hash.slice(1) }));
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.kind === 'welcome') resolve(page);
      if (message.kind === 'answer') waiting.get(message.id)?.(message.answer);
    });
  });
}

/** Two requests of each call: with what must be there, and with all that may be. */
const requests = (name: CallName): unknown[] => [false, true].map((isWhole) => sampleOf(PARSERS[name], isWhole));

test('there is a request for every call that its parser lets through', () => {
  for (const name of NAMES) for (const req of requests(name)) expect(parseRequest(name, req)).toEqual({ name, req });
});

test('by a link for readers no call changes what the case holds, and each refusal is recorded', async () => {
  served = await serveAs('admin');
  const before = contents();
  const page = await pageWith(served.readerUrl as string);
  const refused: string[] = [];
  for (const name of NAMES) {
    for (const req of requests(name)) {
      const answer = await page.ask(name, req);
      if (!answer.ok && answer.fault.code === 'case/read-only') refused.push(name);
      else expect([name, ADMIN_CALLS.has(name)]).toEqual([name, false]);
    }
  }
  page.close();
  await served.close();
  const after = contents();
  const added = after.actions.slice(before.actions.length);
  const recorded = added.flatMap(({ name, detail }) => (name === 'call/refused' ? [JSON.parse(detail).call] : []));

  expect(after.held).toBe(before.held);
  expect(after.actions.slice(0, before.actions.length)).toEqual(before.actions);
  expect([...new Set(refused)].sort()).toEqual([...ADMIN_CALLS].sort());
  expect([...new Set(recorded)].sort()).toEqual([...ADMIN_CALLS].sort());
  expect(added.filter(({ name }) => name !== 'call/refused' && !HANDED_OUT.test(name))).toEqual([]);
  expect(added.filter(({ detail }) => Object.keys(JSON.parse(detail).roots).length > 0)).toEqual([]);
}, 180_000);

test('a case served to readers alone keeps every byte', async () => {
  const before = readFileSync(path);
  served = await serveAs('reader');
  const page = await pageWith(served.url);
  for (const name of NAMES) for (const req of requests(name)) await page.ask(name, req);
  page.close();
  await served.close();

  expect(readFileSync(path).equals(before)).toBe(true);
}, 180_000);

const ADMIN_REQUEST = { targets: [{ kind: 'alert', id: 1 }], mark: { kind: 'tag', text: 'x' } };
const FORGED_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'MARKS/ADD',
  'marks/add ',
  'marks%2fadd',
  '',
];
const FORGED_MESSAGES = [
  { kind: 'ask', id: 90, name: 'marks/add', req: ADMIN_REQUEST, role: 'admin' },
  { kind: 'ask', id: 90, name: ['marks/add'], req: ADMIN_REQUEST },
  { kind: 'ask', id: -1, name: 'marks/add', req: ADMIN_REQUEST },
  { kind: 'open', setup: { path, role: 'admin' } },
  { kind: 'close' },
  [{ kind: 'ask', id: 90, name: 'marks/add', req: ADMIN_REQUEST }],
];

test('forged names, fields, messages and requests of a reader change nothing', async () => {
  served = await serveAs('admin');
  const before = contents();
  const url = served.readerUrl as string;
  const page = await pageWith(url);
  for (const name of FORGED_NAMES) expect(await page.ask(name, ADMIN_REQUEST)).toMatchObject({ ok: false });
  for (const name of ADMIN_CALLS)
    for (const more of [{ role: 'admin' }, { examiner: 'root' }, JSON.parse('{"__proto__": {"role": "admin"}}')])
      expect(await page.ask(name, { ...(sampleOf(PARSERS[name], true) as object), ...more })).toMatchObject({
        ok: false,
      });
  page.say({ kind: 'cancel', id: 1 });
  for (const message of FORGED_MESSAGES) {
    const other = await pageWith(url);
    other.say(message);
    expect(await other.closed).toBe(4400);
  }
  page.close();
  const again = await pageWith(url);
  expect(await again.ask('sql/run', { sql: 'DELETE FROM mark', limit: 10, timeoutMs: 5000 })).toMatchObject({
    ok: false,
  });
  expect(
    await again.ask('sql/run', { sql: "SELECT 1; ATTACH 'x' AS y; DELETE FROM mark", limit: 10, timeoutMs: 5000 }),
  ).toMatchObject({ ok: false });
  again.close();
  const statuses = await Promise.all(
    ['POST', 'PUT', 'DELETE', 'PATCH'].flatMap((method) =>
      [SERVE_PATHS.upload, `${SERVE_PATHS.file}${'a'.repeat(32)}`, '/', '/case.decklog'].map((target) =>
        statusOf(url, method, target),
      ),
    ),
  );
  await served.close();
  const after = contents();

  expect(statuses.filter((status) => status < 400)).toEqual([]);
  expect(after.held).toBe(before.held);
  expect(after.actions.slice(before.actions.length).filter(({ name }) => name !== 'call/refused')).toEqual([]);
}, 120_000);

function statusOf(url: string, method: string, target: string): Promise<number> {
  const { hostname, port, hash } = new URL(url);
  const headers = { authorization: `Bearer ${hash.slice(1)}`, 'x-role': 'admin' };
  return new Promise((resolve, reject) => {
    const asked = request({ host: hostname, port, path: `${target}?role=admin`, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode as number);
    });
    asked.on('error', reject);
    asked.end('x');
  });
}

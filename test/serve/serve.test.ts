import { existsSync, readdirSync, statSync } from 'node:fs';
import { get, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Served, serveCase } from '../../core/serve/serve.ts';
import { foundCase } from '../door/pages.ts';
import { SHIPPED } from '../host/case.ts';

let path = '';
let served: Served;
let origin = '';
let port = 0;
const key = (url: string | null): string => (url ?? '').split('#')[1] ?? '';

beforeAll(async () => {
  path = await foundCase();
  const options = { role: 'admin', examiner: 'tester', rules: SHIPPED, evidenceRoots: [], port: 0 } as const;
  served = await serveCase(path, { ...options, tell: () => {} });
  origin = new URL(served.url).origin;
  port = Number(new URL(served.url).port);
});

afterAll(async () => {
  await served.close();
});

interface Got {
  readonly status: number | undefined;
  readonly text: string;
}

function ask(target: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: target, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const BEARER = () => ({ authorization: `Bearer ${key(served.url)}` });

/** What becomes of a socket that says this first: the messages, and why it was closed; it leaves after so many answers. */
function socket(
  hello: unknown,
  options: { origin?: string; host?: string; says?: readonly unknown[]; answers?: number } = {},
) {
  return new Promise<{ messages: Record<string, unknown>[]; closed: number | string }>((resolve) => {
    const messages: Record<string, unknown>[] = [];
    const page = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
      origin: options.origin ?? origin,
      headers: options.host === undefined ? {} : { host: options.host },
    });
    page.on('open', () => {
      if (hello !== undefined) page.send(typeof hello === 'string' ? hello : JSON.stringify(hello));
      for (const message of options.says ?? []) page.send(JSON.stringify(message));
    });
    page.on('message', (data) => {
      messages.push(JSON.parse(String(data)));
      if (messages.filter(({ kind }) => kind === 'answer').length === options.answers) page.close(1000);
    });
    page.on('close', (code) => resolve({ messages, closed: code }));
    page.on('unexpected-response', (_, response) => resolve({ messages, closed: `HTTP ${response.statusCode}` }));
    page.on('error', () => {});
  });
}

test('only the loopback address is listened on, with a key of 256 bits behind the #', async () => {
  expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(Buffer.from(key(served.url), 'base64url')).toHaveLength(32);
  expect(key(served.readerUrl)).not.toBe(key(served.url));
  const outside = await new Promise<string>((resolve) => {
    const tried = connect({ host: '127.0.0.2', port }, () => resolve('open'));
    tried.on('error', () => resolve('closed'));
  });
  expect(outside).toBe('closed');
});

test.each(['evil.example', 'evil.example:80', 'localhost', '127.0.0.1', '127.0.0.1.evil.example', '[::1]'])(
  'a request for the host %s is refused',
  async (host) => {
    for (const target of ['/', '/upload', '/file/x']) expect((await ask(target, { host })).status).toBe(403);
  },
);

test.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost'])(
  'a request of the site %s is refused',
  async (site) => {
    const headers = { ...BEARER(), origin: site };
    expect((await ask('/', headers)).status).toBe(403);
    expect((await ask('/upload?name=x', headers, 'POST', 'x')).status).toBe(403);
  },
);

test('a foreign page may not load our files as its own', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' };
  expect((await ask('/assets/app.js', headers)).status).toBe(403);
});

test('files and uploads need a key', async () => {
  const wrong = { authorization: 'Bearer wrong' };
  const token = 'a'.repeat(32);
  expect((await ask(`/file/${token}`)).status).toBe(401);
  expect((await ask(`/file/${token}`, wrong)).status).toBe(401);
  expect((await ask(`/file/${token}`, BEARER())).status).toBe(404);
  expect((await ask('/file/..%2f..%2fetc%2fpasswd', BEARER())).status).toBe(404);
  expect((await ask('/upload?name=x', {}, 'POST', 'x')).status).toBe(401);
  expect((await ask('/upload?name=x', wrong, 'POST', 'x')).status).toBe(401);
  expect((await ask(`/upload?name=x&token=${key(served.url)}`, {}, 'POST', 'x')).status).toBe(401);
  expect((await ask('/upload?name=x', { cookie: `token=${key(served.url)}` }, 'POST', 'x')).status).toBe(401);
});

test('a reader uploads nothing', async () => {
  const reader = { authorization: `Bearer ${key(served.readerUrl)}` };
  expect((await ask('/upload?name=x', reader, 'POST', 'x')).status).toBe(403);
});

test('an upload goes into a private folder, whatever its name', async () => {
  const name = encodeURIComponent('../../../../tmp/evil\u202e.log');
  const got = await ask(`/upload?name=${name}`, BEARER(), 'POST', 'some bytes');

  expect(JSON.parse(got.text)).toMatchObject({ ok: true, value: { name: 'evil\u202e.log', sizeBytes: 10 } });
  expect(statSync(served.folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(served.folder, 'uploads'))).toHaveLength(1);
});

test.each([
  ['no key', { kind: 'hello' }],
  ['a wrong key', { kind: 'hello', token: 'x'.repeat(43) }],
  ['a call before the key', { kind: 'ask', id: 1, name: 'case/open', req: {} }],
  ['no JSON', '{'],
])('a socket with %s is closed and told nothing', async (_, hello) => {
  expect(await socket(hello)).toEqual({ messages: [], closed: 4401 });
});

test.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])(
  'a socket of the site %s is not opened',
  async (site) => {
    const hello = { kind: 'hello', token: key(served.url) };
    expect(await socket(hello, { origin: site })).toEqual({ messages: [], closed: 'HTTP 403' });
  },
);

test('a socket without a site, or for another host, is not opened', async () => {
  const hello = { kind: 'hello', token: key(served.url) };
  expect(await socket(hello, { origin: '' })).toEqual({ messages: [], closed: 'HTTP 403' });
  expect(await socket(hello, { host: `evil.example:${port}` })).toEqual({ messages: [], closed: 'HTTP 403' });
});

test('a socket with the key is welcomed, asks and is answered', async () => {
  const ask = { kind: 'ask', id: 7, name: 'case/open', req: {} };
  const { messages } = await socket({ kind: 'hello', token: key(served.url) }, { says: [ask], answers: 1 });

  expect(messages).toMatchObject([
    { kind: 'welcome', door: { role: 'admin', canUpload: true, hasEvidenceRoots: false } },
    { kind: 'answer', id: 7, answer: { ok: true, value: { role: 'admin' } } },
  ]);
});

test("a reader's socket stays a reader's, whatever it says", async () => {
  const ask = { kind: 'ask', id: 1, name: 'alerts/decide', req: { ids: [1], status: 'dismissed', reason: 'x' } };
  const { messages } = await socket({ kind: 'hello', token: key(served.readerUrl) }, { says: [ask], answers: 1 });
  const forged = await socket({ kind: 'hello', token: key(served.readerUrl) }, { says: [{ ...ask, role: 'admin' }] });

  const answers = messages.filter(({ kind }) => kind === 'answer');
  expect(messages[0]).toMatchObject({ door: { role: 'reader' } });
  expect(answers).toMatchObject([{ id: 1, answer: { ok: false, fault: { code: 'case/read-only' } } }]);
  expect(forged.closed).toBe(4400);
});

test('a request line with dots leads nowhere', async () => {
  for (const target of ['/../package.json', '/%2e%2e/package.json', '/..%2f..%2fpackage.json', 'http://evil.example/'])
    expect((await ask(target)).status).toBeGreaterThanOrEqual(400);
});

test('answers carry the policy and no leave to other sites', async () => {
  const headers = await new Promise<Record<string, unknown>>((resolve) =>
    get({ host: '127.0.0.1', port, path: '/' }, (response) => {
      response.resume();
      resolve(response.headers);
    }),
  );

  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers['set-cookie']).toBeUndefined();
});

test('the end leaves one case file and no private folder', async () => {
  const own = await foundCase();
  const options = { role: 'admin', examiner: 'tester', rules: SHIPPED, evidenceRoots: [], port: 0 } as const;
  const short = await serveCase(own, { ...options, tell: () => {} });
  await short.close();

  expect(existsSync(short.folder)).toBe(false);
  expect([`${own}-wal`, `${own}-shm`, `${own}-journal`].filter((file) => existsSync(file))).toEqual([]);
});

test('a server for reading has a link for readers alone', async () => {
  const options = { role: 'reader', examiner: 'tester', rules: SHIPPED, evidenceRoots: [], port: 0 } as const;
  const reading = await serveCase(await foundCase(), { ...options, tell: () => {} });

  expect(reading.readerUrl).toBeNull();
  expect(reading.case).toMatchObject({ role: 'reader', isReadOnly: true });
  await reading.close();
});

test('a port that is taken is said to be', async () => {
  const options = { role: 'reader', examiner: 'tester', rules: SHIPPED, evidenceRoots: [], port } as const;
  await expect(serveCase(await foundCase(), { ...options, tell: () => {} })).rejects.toMatchObject({ code: 'usage' });
});

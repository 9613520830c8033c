import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PAGE_POLICY, REPORT_POLICY } from '../../core/door/csp.ts';
import { pageServer } from '../../core/door/page-server.ts';
import { temporaryFolder } from '../host/case.ts';

const ORIGIN = 'decklog://app';
const REPORT = 'a'.repeat(32);

function bundle(): string {
  const folder = join(temporaryFolder(), 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Decklog</title>');
  writeFileSync(join(folder, 'assets', 'app-0123abcd.js'), 'export {};');
  writeFileSync(join(folder, 'assets', 'secret'), 'no kind that is served');
  writeFileSync(join(folder, '..', 'outside.html'), 'outside');
  symlinkSync(join(folder, '..', 'outside.html'), join(folder, 'link.html'));
  return folder;
}

const folder = bundle();
const serve = pageServer({
  origin: ORIGIN,
  bundle: folder,
  report: async (token) => (token === REPORT ? new TextEncoder().encode('<p>report</p>') : null),
});

/** A request whose URL stays as it is written: `Request` would resolve its dots. */
async function answer(url: string, method = 'GET') {
  const request = { url, method } as Request;
  const response = await serve(request);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

test('the policy of pages is the one that was settled, to the letter', () => {
  expect(PAGE_POLICY).toBe(
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self' data:; " +
      "style-src 'self' 'unsafe-inline'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types defaultWorkerFactory diffEditorWidget " +
      'diffReview domLineBreaksComputer editorGhostText editorViewLayer richScreenReaderContent standaloneColorizer ' +
      'stickyScrollViewLayer tokenizeToString',
  );
  expect(REPORT_POLICY).toBe("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:");
});

test.each(['/', '/index.html', '/alerts', '/alerts?id=3', '/entities'])('%s is the app', async (path) => {
  const { status, text, headers } = await answer(ORIGIN + path);

  expect([status, text]).toEqual([200, '<!doctype html><title>Decklog</title>']);
  expect(headers.get('content-security-policy')).toBe(PAGE_POLICY);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
});

test('a file named by its content is kept by browsers, and has its type', async () => {
  const { status, headers } = await answer(`${ORIGIN}/assets/app-0123abcd.js`);

  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    200,
    'text/javascript; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
});

test.each([
  '/../outside.html',
  '/assets/../../outside.html',
  '/%2e%2e/outside.html',
  '/..%2foutside.html',
  '/%2e%2e%2foutside.html',
  '/%252e%252e/outside.html',
  '/..%5coutside.html',
  '/..\\outside.html',
  '/assets//../../outside.html',
  '/link.html',
  '/assets/secret',
  '/index.html%00.js',
  '/%',
  '/%ff.html',
  '//outside.html',
  '/missing.js',
])('%s leads nowhere', async (path) => {
  const { status, text } = await answer(ORIGIN + path);

  expect(status).toBeGreaterThanOrEqual(400);
  expect(text).not.toContain('outside');
  expect(text).not.toContain('Decklog</title>');
});

test.each(['decklog://app.evil/', 'decklog://evil/', 'decklog:app', 'https://app/', 'file:///etc/passwd', 'nonsense'])(
  '%s is another host',
  async (url) => {
    expect((await answer(url)).status).toBe(421);
  },
);

test.each(['POST', 'HEAD', 'PUT', 'OPTIONS'])('%s is refused', async (method) => {
  expect((await answer(`${ORIGIN}/`, method)).status).toBe(405);
});

test('a report gets no origin and runs nothing; another token gets nothing', async () => {
  const found = await answer(`${ORIGIN}/report/${REPORT}`);

  expect([found.status, found.text]).toEqual([200, '<p>report</p>']);
  expect(found.headers.get('content-security-policy')).toBe(REPORT_POLICY);
  expect((await answer(`${ORIGIN}/report/${'b'.repeat(32)}`)).status).toBe(404);
});

test('refusals carry the policy too', async () => {
  expect((await answer(`${ORIGIN}/missing.js`)).headers.get('content-security-policy')).toBe(PAGE_POLICY);
});

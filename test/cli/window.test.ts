import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findWindow, type Machine, openWindow } from '../../core/cli/find-window.ts';
import { temporaryFolder } from '../host/case.ts';
import { decklog, SAMPLES, startDecklog } from './decklog.ts';

const NODE = `#!${process.execPath}\n`;
const SHELL = '#!/bin/sh\n';

/** A program in the place of Electron's. */
function program(text: string, folder = temporaryFolder()): string {
  const path = join(folder, 'electron');
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** A machine where there can be a window, but for what is said. */
function machine(but: Partial<Machine> & { readonly runtime?: string; readonly starts?: boolean } = {}): Machine {
  const { runtime = '45.4.1', starts = true, ...rest } = but;
  const [electron, app] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(electron, 'dist'));
  writeFileSync(join(electron, 'package.json'), '{"version":"45.4.1"}');
  writeFileSync(join(electron, 'dist', 'version'), `v${runtime}\n`);
  program(`${SHELL}${starts}`, join(electron, 'dist'));
  mkdirSync(join(app, 'electron'));
  writeFileSync(join(app, 'electron', 'main.cjs'), '');
  return { platform: 'linux', hasDisplay: true, isRoot: false, electron, app, ...rest };
}

test('a window is found where nothing stands in its way', () => {
  const found = machine();
  expect(findWindow(found)).toEqual({ binary: join(found.electron as string, 'dist', 'electron') });
});

test.each([
  ['no package', { electron: null }, 'no Electron runtime is installed (npx install-electron fetches one)'],
  ['no runtime', { electron: '/nowhere' }, 'no Electron runtime is installed (npx install-electron fetches one)'],
  [
    'another version',
    { runtime: '9.4.1' },
    'the Electron runtime that is installed is 9.4.1, not 45.4.1 (npx install-electron fetches it)',
  ],
  ['no display', { hasDisplay: false }, 'there is no display'],
  ['root', { isRoot: true }, 'the sandbox of a window does not run as root'],
  ['nothing built', { app: '/nowhere' }, 'the window is not built (npm run build:app builds it)'],
  ['a library that lacks', { starts: false }, 'the Electron runtime that is installed does not start here'],
  [
    'several things',
    { electron: null, hasDisplay: false, isRoot: true },
    'no Electron runtime is installed (npx install-electron fetches one); there is no display; the sandbox of a window does not run as root',
  ],
])('what stands in its way is said: %s', (_, but, why) => {
  expect(findWindow(machine(but))).toEqual({ why });
});

test('a window that comes up is left to itself', async () => {
  const folder = temporaryFolder();
  const note = join(folder, 'started');
  const binary = program(
    `${NODE}require('node:fs').writeFileSync('${note}', JSON.stringify([process.pid, ...process.argv.slice(2)]));
    process.send('shown');
    setInterval(() => {}, 1000);`,
  );

  expect(await openWindow(binary, '/cases/a.decklog', '/the/app')).toBeNull();
  const [pid, ...args] = JSON.parse(readFileSync(note, 'utf8'));
  expect(args).toEqual(['/the/app', '--tell-when-shown', '/cases/a.decklog']);
  expect(process.kill(pid, 'SIGKILL')).toBe(true);
});

test.each([
  ['in good order, since another one has taken over', 'true', null],
  ['with a code', 'false', 'Electron ended before it was open (1)'],
  ['by a signal', 'kill -TRAP $$', 'Electron ended before it was open (SIGTRAP)'],
])('a window that ends %s', async (_, text, why) => {
  expect(await openWindow(program(`${SHELL}${text}`), '/cases/a.decklog', '/the/app')).toBe(why);
});

test('a window that neither comes up nor ends is not waited for without end', async () => {
  const folder = temporaryFolder();
  const note = join(folder, 'started');
  const binary = program(
    `${NODE}require('node:fs').writeFileSync('${note}', String(process.pid)); setInterval(() => {}, 1000);`,
  );

  expect(await openWindow(binary, '/cases/a.decklog', '/the/app', 50)).toBeNull();
  await expect.poll(() => existsSync(note) && readFileSync(note, 'utf8'), { timeout: 60_000 }).toMatch(/\d/);
  expect(process.kill(Number(readFileSync(note, 'utf8')), 'SIGKILL')).toBe(true);
});

test('a program that cannot be started is said', async () => {
  const why = await openWindow(join(temporaryFolder(), 'electron'), '/cases/a.decklog', '/the/app');
  expect(why).toMatch(/^Electron could not be started \(.*ENOENT/);
});

test('without a display start prints findings, one line that says why there is no window, and the loopback address', async () => {
  const folder = temporaryFolder();
  copyFileSync(join(SAMPLES, 'k8s-audit-jsonl.log'), join(folder, 'audit.log'));
  const child = startDecklog(['start', 'audit.log'], folder, { DISPLAY: '', WAYLAND_DISPLAY: '' });
  let said = '';
  const served = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer) => {
      said += chunk;
      if (/The app: .*\n/.test(said) && /No window: .*\n/.test(said)) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await Promise.race([served, ended]);
  child.kill('SIGINT');

  expect(await ended).toBe(0);
  expect(said).toMatch(/\balerts?\b[\s\S]*The case is audit\.log\.decklog/);
  const lines = said.split('\n').filter((line) => line.includes('No window'));
  expect(lines).toEqual([
    expect.stringMatching(/^No window: .*there is no display.*\. The app is served to a browser instead\.$/),
  ]);
  expect(said).toMatch(/^The app: http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/m);
});

test('whoever wants a document or an exit code gets no window and no server', async () => {
  const folder = temporaryFolder();
  copyFileSync(join(SAMPLES, 'k8s-audit-jsonl.log'), join(folder, 'audit.log'));
  const { code, stderr } = await decklog(['start', 'audit.log', '--no-open'], folder);
  expect([code, stderr.includes('No window')]).toEqual([0, false]);
  expect(existsSync(join(folder, 'audit.log.decklog'))).toBe(true);
});

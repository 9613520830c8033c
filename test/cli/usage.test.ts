import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../core/cli/commands.ts';
import { decklog, ROOT } from './decklog.ts';
import { golden } from './golden.ts';

const pages = ['', ...COMMANDS.flatMap(({ name, inner = [] }) => [name, ...inner.map((word) => `${name} ${word}`)])];

test.concurrent.each(pages)('the manual of "%s" reads as reviewed', async (page) => {
  const ended = await decklog([...page.split(' ').filter(Boolean), '--help']);

  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toBe(golden(`help-${page.replace(' ', '-') || 'decklog'}.txt`, ended.stdout));
});

test('without a command the manual is shown', async () => {
  expect(await decklog([])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: decklog <command>') });
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  expect((await decklog(['--version'])).stdout).toBe(`${version}\n`);
});

test.concurrent.each([
  [['evnts'], "Unknown command 'evnts'.", 'Did you mean events? See: decklog --help'],
  [['events'], "Missing required argument 'case'.", 'See: decklog events --help'],
  [['events', 'x', '--limt', '3'], "Unknown option '--limt'.", 'Did you mean --limit? See: decklog events --help'],
  [['events', 'x', '--raw', '--json'], '--json, --raw and --raw0 exclude each other.', 'Leave only one of them.'],
  [['alert', 'x', '1', '--reason', 'y'], 'A reason needs a status.', 'Add --status, for example --status benign.'],
  [
    ['case', 'a', 'b'],
    "Too many arguments for 'case'. Expected 1 argument but got 2: a, b.",
    'See: decklog case --help',
  ],
])('wrong usage %j is one sentence and a hint on standard error, and 2', async (args, message, hint) => {
  const isJson = args.includes('--json');
  const [text, json] = await Promise.all([decklog(args), decklog(isJson ? args : [...args, '--json'])]);

  if (!isJson) expect(text).toMatchObject({ code: 2, stdout: '', stderr: `decklog: ${message}\n${hint}\n` });
  expect({ ...json, stderr: JSON.parse(json.stderr) }).toMatchObject({
    code: 2,
    stdout: '',
    stderr: { fault: { code: 'usage', message, hint } },
  });
});

test('numbers and choices are checked', async () => {
  const [limit, level] = await Promise.all([
    decklog(['events', 'x', '--limit', '-3']),
    decklog(['alerts', 'x', '--level', 'hi']),
  ]);

  expect([limit.code, level.code]).toEqual([2, 2]);
  expect(limit.stderr).toContain('whole number from 1');
  expect(level.stderr).toContain('informational, low, medium, high, critical');
});

test('a reader cannot begin what would change a case', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'decklog-'));
  const ended = await decklog(['import', 'new.decklog', ROOT, '--role', 'reader', '--json'], folder);

  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(ended.stderr).fault).toMatchObject({ code: 'case/read-only', at: { path: 'new.decklog' } });
});

test('a password file that is not there is wrong usage', async () => {
  const ended = await decklog(['import', 'x.decklog', 'y', '--password-file', '/nowhere']);

  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('(/nowhere)') });
});

test('a Node that cannot run us is told in one sentence', () => {
  const entry = join(ROOT, 'core', 'cli', 'decklog.mjs');
  const flags = ['--no-experimental-strip-types', entry, 'case', 'x', '--json'];
  const ended = spawnSync(process.execPath, flags, { encoding: 'utf8' });

  expect(ended).toMatchObject({ status: 1, stdout: '' });
  expect(JSON.parse(ended.stderr).fault.message).toContain('Decklog needs Node 24');
});

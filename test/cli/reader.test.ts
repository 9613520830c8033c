import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { COMMANDS } from '../../core/cli/commands.ts';
import { decklog, document, SAMPLES } from './decklog.ts';

const folder = mkdtempSync(join(tmpdir(), 'decklog-reader-'));
const outside = mkdtempSync(join(tmpdir(), 'decklog-reader-out-'));
const DEFENDER = join(SAMPLES, '..', 'defender', 'alerts-api.json');
const LOG = join(SAMPLES, 'k8s-audit-jsonl.log');
const path = join(folder, 'case.decklog');

beforeAll(async () => {
  await document(['investigate', LOG, '--case', path], folder);
  await document(['annotations', 'export', path, '-o', join(folder, 'marks.json')], folder);
});

/** Every command that would change a case. */
const CHANGES: readonly (readonly string[])[] = [
  ['import', path, LOG],
  ['investigate', LOG, '--case', path],
  ['investigate', LOG, '--case', join(folder, 'new.decklog')],
  ['detect', path],
  ['alert', path, '1', '--status', 'benign', '--reason', 'why'],
  ['lists', path, 'known_users', '--add', 'x'],
  ['suppress', path, 'add', '--condition', 'user:x', '--reason', 'why'],
  ['suppress', path, 'remove', '1'],
  ['seal', path, '--reason', 'why'],
  ['annotations', 'merge', path, join(folder, 'marks.json')],
  ['indicators', 'add', path, LOG],
  ['indicators', 'remove', path, 'feed', '--reason', 'why'],
  ['foreign', 'add', path, DEFENDER],
  ['foreign', 'remove', path, '1', '--reason', 'why'],
];

test.each(CHANGES)('a reader is refused: %s %s', async (...args) => {
  const before = readFileSync(path);
  const { code, stdout, stderr } = await decklog([...args, '--role', 'reader', '--json'], folder);

  expect([code, stdout]).toEqual([1, '']);
  expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
    fault: { code: 'case/read-only', hint: expect.stringContaining('--role reader') },
  });
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['case.decklog', 'marks.json']);
});

/** What a reader may see, without a trace. */
const READS: readonly (readonly string[])[] = [
  ['case', path],
  ['evidence', path],
  ['gaps', path],
  ['alerts', path, '--suppressed'],
  ['coverage', path],
  ['coverage', path, '--policy'],
  ['suppress', path],
  ['suppress', path, 'add', '--condition', 'user:*', '--simulate'],
  ['actions', path],
  ['diff', path, path],
  ['verify', path],
  ['rejected', path],
  ['alert', path, '1'],
  ['incidents', path],
  ['events', path],
  ['entities', path, 'users'],
  ['access', path, 'mira.holt@example.org'],
  ['history', path, 'kube-system/pods/node-tools'],
  ['raw', path, '1'],
  ['lists', path],
  ['indicators', 'list', path],
  ['foreign', 'list', path],
  ['price', path],
  ['pseudonyms', path],
  ['annotations', 'export', path, '-o', join(outside, 'marks.json')],
  ['baseline', 'export', path, '-o', join(outside, 'baseline.json')],
  ['export', path, '-o', join(outside, 'alerts.jsonl'), '--what', 'alerts'],
  ['export', path, '-o', join(outside, 'copy.decklog'), '--what', 'case'],
  ['bundle', path, '-o', join(outside, 'bundle.zip')],
  ['report', path, '-o', join(outside, 'report.html')],
];
/** Commands that know no case, or start what `reader-calls.test.ts` asks. */
const NO_CASE = ['rules', 'keys', 'formats', 'serve', 'start'];

test('every command is tried with the role of a reader', async () => {
  const tried = new Set([...CHANGES, ...READS].flatMap(([name, inner]) => [name, `${name} ${inner}`]));
  const all = COMMANDS.flatMap(({ name, inner }) => inner?.map((one) => `${name} ${one}`) ?? [name]);
  const missing = all.filter((name) => !tried.has(name) && !NO_CASE.includes(name.split(' ')[0] as string));

  expect(missing).toEqual([]);
});

test.each(READS)('a reader sees: %s %s', async (...args) => {
  const before = readFileSync(path);
  const { code } = await decklog([...args, '--role', 'reader'], folder);

  expect(code).toBe(0);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a sealed case says so to everyone who would change it', async () => {
  const sealed = join(folder, 'sealed.decklog');
  await document(['investigate', LOG, '--case', sealed], folder);
  await document(['seal', sealed, '--reason', 'handed over'], folder);
  const { code, stderr } = await decklog(['detect', sealed], folder);
  const { stdout } = await decklog(['actions', sealed], folder);

  expect([code, stderr]).toEqual([1, expect.stringContaining('is sealed: nothing of it is changed any more.')]);
  expect(stdout).toContain('sealed the case: handed over');
});

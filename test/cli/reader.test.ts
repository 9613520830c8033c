import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { decklog, document, SAMPLES } from './decklog.ts';

const folder = mkdtempSync(join(tmpdir(), 'decklog-reader-'));
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
];

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

import { cpSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decklog, document, SAMPLES } from './decklog.ts';

const PLAIN = join(SAMPLES, 'k8s-audit-jsonl.log');

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'decklog-'));
}

test('the case is named after the first path; it is added to only if it is named', async () => {
  const folder = newFolder();
  cpSync(PLAIN, join(folder, 'audit.log'));
  await document(['investigate', 'audit.log'], folder);
  const refused = await decklog(['investigate', 'audit.log', '--json'], folder);
  const added = await document(['investigate', 'audit.log', '--case', 'audit.log.decklog'], folder);

  expect(readdirSync(folder).sort()).toEqual(['audit.log', 'audit.log.decklog']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(refused.stderr).fault).toMatchObject({
    code: 'case/exists',
    hint: expect.stringContaining('--case audit.log.decklog'),
  });
  expect(added).toMatchObject({ case: { evidence: 2 }, evidence: [{ uniqueEvents: 0 }] });
});

test('with --json it prints case, evidence, alerts, coverage and timing', async () => {
  const outcome = await document(['investigate', PLAIN, '--case', 'c.decklog'], newFolder());

  expect(outcome).toMatchObject({
    case: { path: 'c.decklog' },
    evidence: [{ path: PLAIN }],
    alerts: expect.any(Array),
    coverage: expect.any(Array),
    timing: { readMs: expect.any(Number), detectMs: expect.any(Number), eventsPerSecond: expect.any(Number) },
  });
});

test('what cannot be read leaves no case behind', async () => {
  const folder = newFolder();
  const ended = await decklog(['investigate', '/nowhere/audit.log'], folder);

  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(readdirSync(folder)).toEqual([]);
});

test('start takes the sample, and a number where a case of that name exists', async () => {
  const folder = newFolder();
  const first = await decklog(['start', '--no-open'], folder);
  const second = await decklog(['start', '--json'], folder);

  expect([first.code, second.code]).toEqual([0, 0]);
  expect(first.stdout).toContain('The case is northwind.decklog. Look further: decklog --help\n');
  expect(existsSync(join(folder, 'northwind-2.decklog'))).toBe(true);
});

import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { decklog, document, jsonLines, SAMPLES } from './decklog.ts';

/** Letters that a terminal obeys, but line feeds. */
const HARMFUL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const folder = mkdtempSync(join(tmpdir(), 'decklog-'));
const PLAIN = join(SAMPLES, 'k8s-audit-jsonl.log');

/** A log, hostile by its name and by what it says. */
function hostileLog(): string {
  const path = join(folder, 'red\u001b[31m\u202egol.log');
  const event = JSON.parse(readFileSync(PLAIN, 'utf8').split('\n')[0] as string);
  event.user.username = 'eve\u202e\nroot\u001b[2J\u009b2K';
  writeFileSync(path, `${JSON.stringify(event)}\n\u001b]0;owned\u0007 is no JSON\n`);
  return path;
}

function json(...args: readonly string[]): Promise<Record<string, unknown>> {
  return document(args, folder);
}

beforeAll(async () => {
  await Promise.all([
    json('import', 'plain.decklog', PLAIN, '--cluster', 'prod', '--label', 'from the examiner'),
    json(
      'import',
      'hostile.decklog',
      join(SAMPLES, 'hostile--strings.jsonl'),
      join(SAMPLES, 'hostile--path-traversal.zip'),
      hostileLog(),
    ),
  ]);
});

test('import tells case, ledger and timing; what people say is in the ledger', async () => {
  const outcome = await json('import', 'told.decklog', PLAIN, '--label', 'a note', '--server', 'cp-1');

  expect(outcome).toMatchObject({
    case: { path: 'told.decklog', evidence: 1 },
    evidence: [{ path: PLAIN, format: 'k8s-audit-jsonl', label: 'a note', server: 'cp-1', malformedRecords: 0 }],
    timing: { totalMs: expect.any(Number) },
  });
});

test('sums of the ledger reconcile for people, too', async () => {
  const { stdout } = await decklog(['evidence', 'plain.decklog'], folder);

  expect(stdout).toContain(': the sum reconciles.');
});

test('the case at a glance counts its events and clusters', async () => {
  const glance = await json('case', 'plain.decklog');
  const events = readFileSync(PLAIN, 'utf8').trim().split('\n').length;

  expect(glance).toMatchObject({ path: 'plain.decklog', events, evidence: 1, clusters: ['prod'] });
});

test('--raw gives the lines back, --raw0 the same with NULs', async () => {
  const [raw, raw0] = await Promise.all([
    decklog(['events', 'plain.decklog', '--raw', '--limit', '100000'], folder),
    decklog(['events', 'plain.decklog', '--raw0', '--limit', '100000'], folder),
  ]);
  const lines = readFileSync(PLAIN, 'utf8').trim().split('\n').sort();

  expect(raw.stdout.trim().split('\n').sort()).toEqual(lines);
  expect(raw0.stdout.split('\0').filter(Boolean).sort()).toEqual(lines);
});

test('raw prints exactly the bytes, --event the canonical event', async () => {
  const [event] = jsonLines((await decklog(['events', 'plain.decklog', '--limit', '1', '--json'], folder)).stdout);
  const id = String(event?.id);
  const [raw, canonical] = await Promise.all([
    decklog(['raw', 'plain.decklog', id], folder),
    decklog(['raw', 'plain.decklog', id, '--event'], folder),
  ]);

  expect(readFileSync(PLAIN).includes(raw.bytes)).toBe(true);
  expect(raw.stdout.endsWith('\n')).toBe(false);
  expect(JSON.parse(canonical.stdout)).toMatchObject({ auditID: event?.auditID });
});

test('events answer a query of several words, page by page', async () => {
  const all = jsonLines((await decklog(['events', 'plain.decklog', 'not', 'verb:zzz', '--json'], folder)).stdout);
  const first = jsonLines((await decklog(['events', 'plain.decklog', '--limit', '3', '--json'], folder)).stdout);
  const after = String(first.at(-1)?.id);
  const rest = jsonLines((await decklog(['events', 'plain.decklog', '--after', after, '--json'], folder)).stdout);

  expect([...first, ...rest]).toEqual(all);
});

test('a query that cannot be read is pointed at', async () => {
  const ended = await decklog(['events', 'plain.decklog', 'verbb:get', 'and', 'x'], folder);

  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain('decklog: There is no field "verbb".\n  verbb:get and x\n  ^\nDid you mean "verb"?');
});

test('an empty answer says what to do next', async () => {
  const [events, alerts] = await Promise.all([
    decklog(['events', 'plain.decklog', 'verb:zzz'], folder),
    decklog(['alerts', 'plain.decklog'], folder),
  ]);

  expect(events.stdout).toBe('No event fits. What the case holds: decklog case plain.decklog\n');
  expect(alerts.stdout).toBe('No alert fits. If no rules were run yet: decklog detect plain.decklog\n');
});

test.each([
  ['case', 'none.decklog', 'case/missing'],
  ['case', 'text.decklog', 'case/not-a-case'],
  ['raw', 'plain.decklog', 'event/unknown', '999999'],
  ['alert', 'plain.decklog', 'alert/unknown', '999999'],
  ['import', 'plain.decklog', 'import/unreadable', '/nowhere'],
])('%s of %s is a fault %s, exit 1, nothing on standard output', async (command, path, code, ...rest) => {
  writeFileSync(join(folder, 'text.decklog'), 'this is no case, though it is called one\n');
  const ended = await decklog([command, path, ...rest, '--json'], folder);

  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(ended.stderr).fault).toMatchObject({ code, message: expect.any(String) });
});

test('a failed import into a new case leaves no case', async () => {
  const ended = await decklog(['import', 'never.decklog', '/nowhere'], folder);

  expect(ended.code).toBe(1);
  expect(existsSync(join(folder, 'never.decklog'))).toBe(false);
});

test('hostile text is shown inert', async () => {
  const commands = ['events', 'evidence', 'rejected', 'case'].map((command) => [command, 'hostile.decklog']);
  const ended = await Promise.all(
    commands.flatMap((args) => [decklog(args, folder), decklog([...args, '--json'], folder)]),
  );

  for (const { stdout, stderr } of ended) expect(stdout + stderr).not.toMatch(HARMFUL);
  expect(ended[0]?.stdout).toContain('eve\\u202e\\u000aroot\\u001b[2J\\u009b2K');
});

test('a fresh case verifies; a changed original file is found, exit 4', async () => {
  const [copy, changed] = [join(folder, 'copy.log'), join(folder, 'changed.decklog')];
  cpSync(PLAIN, copy);
  await json('import', changed, copy);
  const clean = await decklog(['verify', changed, '--evidence', copy, '--json'], folder);
  writeFileSync(copy, readFileSync(copy, 'utf8').replace('"verb"', '"Verb"'));
  const found = await decklog(['verify', changed, '--evidence', copy, '--json'], folder);

  expect([clean.code, JSON.parse(clean.stdout).ok]).toEqual([0, true]);
  expect([found.code, JSON.parse(found.stdout).ok]).toEqual([4, false]);
});

test('a reader reads and changes nothing', async () => {
  const before = readFileSync(join(folder, 'plain.decklog'));
  const [read, write] = await Promise.all([
    decklog(['case', 'plain.decklog', '--role', 'reader'], folder),
    decklog(['detect', 'plain.decklog', '--role', 'reader', '--json'], folder),
  ]);

  expect([read.code, write.code, JSON.parse(write.stderr).fault.code]).toEqual([0, 1, 'case/read-only']);
  expect(readFileSync(join(folder, 'plain.decklog')).equals(before)).toBe(true);
});

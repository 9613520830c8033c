import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { document, type Ended, endOf, ROOT, SAMPLES, startDecklog } from './decklog.ts';

const folder = mkdtempSync(join(tmpdir(), 'decklog-'));
const BIG = join(folder, 'big.log.gz');

beforeAll(() => {
  const lines = readFileSync(join(SAMPLES, 'k8s-audit-jsonl.log'));
  writeFileSync(BIG, gzipSync(Buffer.concat(Array.from({ length: 12_000 }, () => lines)), { level: 1 }));
});

/** Waits until the case is being written. */
async function begun(path: string): Promise<void> {
  for (let tries = 0; tries < 200 && !existsSync(path); tries++) await pause(20);
  await pause(150);
}

async function interrupted(child: ChildProcess, path: string, kill: () => void): Promise<readonly [Ended, number]> {
  const end = endOf(child);
  await begun(path);
  const start = performance.now();
  kill();
  return [await end, performance.now() - start];
}

test('Ctrl+C stops an investigation soon and leaves no case', async () => {
  const path = join(folder, 'big.log.gz.decklog');
  const child = startDecklog(['investigate', BIG, '--json'], folder);
  const [ended, took] = await interrupted(child, path, () => child.kill('SIGINT'));

  expect(ended).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('"code":"cancelled"') });
  // Two seconds are promised; on a machine with other work a test can only tell that it ends soon.
  expect(took).toBeLessThan(10_000);
  expect(existsSync(path)).toBe(false);
});

test('through npm, where the signal comes twice, a case that was there is as before', async () => {
  const path = join(folder, 'there.decklog');
  await document(['import', path, join(SAMPLES, 'k8s-audit-jsonl.log')]);
  const before = await document(['case', path]);
  const args = ['run', '-s', 'decklog', '--', 'import', path, BIG];
  const child = spawn('npm', args, { cwd: ROOT, detached: true });
  const [ended, took] = await interrupted(child, `${path}-journal`, () =>
    process.kill(-(child.pid as number), 'SIGINT'),
  );
  await pause(100);

  // The shell between npm and us ends by the signal itself, which whoever started npm sees as 130, too.
  expect([130, null]).toContain(ended.code);
  expect(took).toBeLessThan(10_000);
  expect(await document(['case', path])).toEqual(before);
});

test('a reader that goes away ends the listing quietly', async () => {
  const path = join(folder, 'listed.decklog');
  await document(['import', path, join(SAMPLES, 'k8s-audit-jsonl.log')]);
  const child = startDecklog(['events', path, '--json']);
  child.stdout?.destroy();

  expect(await endOf(child)).toMatchObject({ code: 0, stderr: '' });
});

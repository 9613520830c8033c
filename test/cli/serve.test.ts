import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foundCase } from '../door/pages.ts';
import { temporaryFolder } from '../host/case.ts';
import { decklog, SAMPLES, startDecklog } from './decklog.ts';

/** Runs until the output holds what is looked for, then sends Ctrl+C. */
async function untilSaid(args: readonly string[], said: RegExp, cwd?: string) {
  const child = startDecklog(args, cwd);
  let stdout = '';
  const found = new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
      if (said.test(stdout)) resolve();
    }),
  );
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await Promise.race([found, ended]);
  child.kill('SIGINT');
  return { stdout, code: await ended };
}

test('serve prints its link as the first line, and Ctrl+C ends it in good order', async () => {
  const path = await foundCase();
  const { stdout, code } = await untilSaid(['serve', path, '--json'], /\n/);

  expect(JSON.parse(stdout.split('\n')[0] ?? '')).toEqual({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/),
    readerUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/),
  });
  expect(code).toBe(0);
  expect(existsSync(`${path}-wal`)).toBe(false);
});

test('start prints the findings and then serves the app', async () => {
  const folder = temporaryFolder();
  copyFileSync(join(SAMPLES, 'k8s-audit-jsonl.log'), join(folder, 'audit.log'));
  const { stdout, code } = await untilSaid(['start', 'audit.log'], /The app: /, folder);

  expect(stdout).toMatch(/The case is audit\.log\.decklog\.[\s\S]*The app: http:\/\/127\.0\.0\.1:\d+\/#/);
  expect(code).toBe(0);
});

test('serve says what is wrong with a case, and leaves nothing running', async () => {
  const ended = await decklog(['serve', 'missing.decklog', '--json'], temporaryFolder());

  expect(ended.code).toBe(1);
  expect(JSON.parse(ended.stderr)).toMatchObject({ fault: { code: 'case/missing' } });
});

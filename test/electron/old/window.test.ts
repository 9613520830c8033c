import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openWindow } from '../../../core/cli/find-window.ts';
import { foundCase } from '../../door/pages.ts';
import { temporaryFolder } from '../../host/case.ts';
import { type Display, openDisplay } from './display.ts';
import { launchOld, type OldShell } from './launch.ts';

const old = inject('oldElectron');

describe.skipIf('why' in old)('the window of the old Electron', () => {
  const { binary, entry } = old as Exclude<typeof old, { why: string }>;
  let display: Display;

  beforeAll(async () => {
    display = (await openDisplay()) as Display;
  });
  afterAll(() => display?.close());

  /** Electron on our display, with some switches; it writes its number down. */
  function starter(folder: string, switches: string): string {
    const path = join(folder, 'electron');
    const lines = [
      '#!/bin/sh',
      `echo $$ > '${folder}/pid'`,
      `export DISPLAY='${display.name}' DECKLOG_NODE='${process.execPath}'`,
      `exec '${binary}' ${switches} --user-data-dir='${folder}/user' "$@"`,
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  test('opened from a terminal says when it is there, and outlives whoever opened it', async () => {
    const folder = temporaryFolder();
    const binary = starter(folder, '--no-sandbox --disable-gpu --disable-dev-shm-usage');

    // It would take a window that says nothing for one that is there, after a while: here that while has no end.
    expect(await openWindow(binary, await foundCase(), entry, 2 ** 31 - 1)).toBeNull();
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('--tell-when-shown');
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 60_000 }).toBe(false);
  }, 120_000);

  test.runIf(process.getuid?.() === 0)(
    'opened from a terminal by root without a leave is said to have ended',
    async () => {
      const why = await openWindow(starter(temporaryFolder(), ''), '/cases/a.decklog', entry);
      expect(why).toMatch(/^Electron ended before it was open \(/);
    },
  );

  test('comes back where it was, and opens whatever the file of its place holds', async () => {
    const userData = temporaryFolder();
    const bounds = { x: 60, y: 40, width: 1000, height: 700 };
    const boundsOf = ({ app }: OldShell) =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
    const program = { binary, entry, display: display.name, opens: [await foundCase()] };
    const first = await launchOld({ ...program, userData });
    await first.app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), bounds);
    await expect.poll(() => boundsOf(first)).toEqual(bounds);
    await first.close();
    const second = await launchOld({ ...program, userData });
    expect(await boundsOf(second)).toEqual(bounds);
    await second.close();

    writeFileSync(join(userData, 'window.json'), '{"width":-1e99,"x":"');
    const third = await launchOld({ ...program, userData });
    expect(await boundsOf(third)).toMatchObject({ width: 1440, height: 900 });
    await third.close();
  });
});

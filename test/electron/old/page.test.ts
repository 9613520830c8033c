import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageBoxOptions } from 'electron';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { foundCase } from '../../door/pages.ts';
import { SAMPLES, temporaryFolder } from '../../host/case.ts';
import { dropFile, patient } from '../story/story.ts';
import { type Display, openDisplay } from './display.ts';
import { launchOld, type OldShell } from './launch.ts';

const old = inject('oldElectron');

describe.skipIf('why' in old)('the page of the old Electron', () => {
  const { binary, entry } = old as Exclude<typeof old, { why: string }>;
  let display: Display;
  let shell: OldShell | undefined;

  beforeAll(async () => {
    display = (await openDisplay()) as Display;
  });
  afterAll(async () => {
    await shell?.close();
    await display?.close();
  });

  const launch = async (opens: readonly string[]) => {
    await shell?.close();
    shell = await launchOld({ binary, entry, display: display.name, userData: temporaryFolder(), opens });
    patient(shell.page);
    return shell;
  };

  test('evidence that is dropped where no case is open becomes a case, where the person says', async () => {
    const folder = temporaryFolder();
    copyFileSync(join(SAMPLES, 'k8s-audit-jsonl.log'), join(folder, 'audit.log'));
    const { app, page } = await launch([]);
    await page.getByRole('button', { name: 'New case from evidence…' }).waitFor();
    const path = join(folder, 'new.decklog');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    await dropFile(page, 'main', join(folder, 'audit.log'));

    await page
      .getByRole('link', { name: /^Alerts/ })
      .first()
      .waitFor();
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Evidence' }).click();
    await page.getByText('The sum reconciles').waitFor();
  });

  test('a page that ends is said, and comes back over the same case', async () => {
    const { app, page } = await launch([await foundCase()]);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await app.evaluate(({ dialog, BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const boxes: MessageBoxOptions[] = [];
      const show = (_window: unknown, options: MessageBoxOptions) => {
        const again = new Promise<void>((loaded) => contents?.once('did-finish-load', () => loaded()));
        Object.assign(globalThis, { again });
        boxes.push(options);
        // A person takes time: nothing is loaded while the page is still ending.
        return new Promise((answer) => setTimeout(answer, 100, { response: 0, checkboxChecked: false }));
      };
      dialog.showMessageBox = show as typeof dialog.showMessageBox;
      Object.assign(globalThis, { boxes });
      process.kill(contents?.getOSProcessId() ?? 0, 'SIGKILL');
    });
    const boxes = () => app.evaluate(() => (globalThis as unknown as { boxes: MessageBoxOptions[] }).boxes);
    await expect.poll(boxes, { timeout: 60_000 }).toMatchObject([{ buttons: ['Show it again'] }]);

    // Playwright knows the page that has ended and no other: the main process asks the new one.
    const counts = await app.evaluate(async ({ BrowserWindow }) => {
      const { again } = globalThis as unknown as { again: Promise<void> };
      await again;
      return BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(`new Promise((done) => {
        decklogShell.onTell((tell) => { if (tell.kind === 'answer' && tell.id === 500001) done(tell.answer.value.total); });
        decklogShell.say({ kind: 'ask', id: 500001, name: 'alerts/counts', req: { filter: {} } });
      })`);
    });
    expect(counts).toBeGreaterThan(0);
  });
});

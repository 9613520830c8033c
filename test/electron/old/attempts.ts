import { spawn } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { ElectronApplication } from 'playwright-core';
import { temporaryFolder } from '../../host/case.ts';

/** A copy of the app whose folder of pages holds links that lead out of it; its entry. */
export function copyWithLinks(entry: string): string {
  const copy = join(temporaryFolder(), 'app');
  cpSync(dirname(entry), copy, { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(copy, 'package.json'), join(copy, 'renderer', 'beside.json'));
  symlinkSync(copy, join(copy, 'renderer', 'above'));
  return join(copy, 'entry.cjs');
}

/** Something that a page tried, and whether our main had stopped it by the time that it was asked. */
export interface Attempt {
  readonly url: string;
  readonly isStopped: boolean;
}

/** Writes down, in the main process and after our main has decided, where pages want to go and what they want to download. */
export function watchAttempts(app: ElectronApplication): Promise<void> {
  return app.evaluate(({ webContents, session }) => {
    const attempts: Attempt[] = [];
    Object.assign(globalThis, { attempts });
    const note = (event: { readonly defaultPrevented: boolean }, url: string) =>
      void attempts.push({ url, isStopped: event.defaultPrevented });
    for (const contents of webContents.getAllWebContents())
      contents.on('will-navigate', (event, url) => note(event, url));
    session.defaultSession.on('will-download', (event, item) => {
      note(event, item.getURL());
      // Else a dialog would ask where to.
      if (!event.defaultPrevented) item.setSavePath('/dev/null');
    });
  });
}

export const attemptsOf = (app: ElectronApplication): Promise<readonly Attempt[]> =>
  app.evaluate(() => (globalThis as unknown as { attempts: Attempt[] }).attempts);

/** Loads an address in a window without our policy: in our session, or in one that nobody has hardened. How it ended. */
export function loadBare(app: ElectronApplication, url: string, partition?: string): Promise<string> {
  return app.evaluate(
    async ({ BrowserWindow }, [address, apart]) => {
      const webPreferences = { sandbox: true, ...(apart === undefined ? {} : { partition: apart }) };
      const window = new BrowserWindow({ show: false, webPreferences });
      try {
        await window.loadURL(address as string);
        return 'loaded';
      } catch (error) {
        return (error as { code?: string }).code ?? String(error);
      } finally {
        window.destroy();
      }
    },
    [url, partition] as const,
  );
}

/** Has a page that is not ours, but that has all of Electron's messages, run some code; what it gave. */
export function inForeignPage<T>(app: ElectronApplication, code: string): Promise<T> {
  const preload = join(import.meta.dirname, 'foreign-preload.cjs');
  return app.evaluate(
    async ({ BrowserWindow }, [path, text]) => {
      const webPreferences = { preload: path as string, sandbox: true, contextIsolation: false };
      const window = new BrowserWindow({ show: false, webPreferences });
      try {
        await window.loadURL('about:blank');
        return await window.webContents.executeJavaScript(text as string);
      } finally {
        window.destroy();
      }
    },
    [preload, code] as const,
  );
}

export interface OpenedWindows {
  readonly asked: readonly Attempt[];
  readonly windows: number;
  readonly pages: number;
}

/** What became of windows that the page of the app asked for, without Playwright: it keeps such a page waiting for ever. */
export async function openWindows(
  binary: string,
  entry: string,
  display: string,
  casePath: string,
): Promise<OpenedWindows> {
  const switches = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${temporaryFolder()}`];
  const child = spawn(binary, [...switches, join(import.meta.dirname, 'open-windows.cjs'), casePath], {
    env: { ...process.env, DISPLAY: display, DECKLOG_NODE: process.execPath, DECKLOG_ENTRY: entry },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for await (const line of createInterface({ input: child.stdout as Readable }))
    if (line.startsWith('{"asked"')) {
      await ended;
      return JSON.parse(line);
    }
  throw new Error(`the old Electron ended with ${await ended} and said nothing`);
}

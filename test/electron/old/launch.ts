import { _electron, type ElectronApplication, type Page, selectors } from 'playwright-core';

export interface OldLaunch {
  /** The runtime, or a packed program. */
  readonly binary: string;
  /** The entry of the app; none where a packed program carries its own. */
  readonly entry?: string;
  /** As Xvfb names it. */
  readonly display: string;
  readonly userData: string;
  /** What the command line names. */
  readonly opens: readonly string[];
}

export interface OldShell {
  readonly app: ElectronApplication;
  readonly page: Page;
  crashEngine(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the old Electron with the app; without its sandbox, as root must. */
export async function launchOld({ binary, entry, display, userData, opens }: OldLaunch): Promise<OldShell> {
  const switches = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${userData}`];
  const app = await _electron.launch({
    executablePath: binary,
    timeout: 120_000,
    args: [...switches, ...(entry === undefined ? [] : [entry]), ...opens],
    env: { ...process.env, DISPLAY: display, DECKLOG_NODE: process.execPath } as Record<string, string>,
  });
  await bringVisibility();
  const page = await app.firstWindow({ timeout: 120_000 });
  return {
    app,
    page,
    crashEngine: () => app.evaluate(`globalThis.decklogTest.engines.slice(-1)[0].kill('SIGKILL')`),
    close: () => app.close(),
  };
}

let brought = 0;

/**
 * Playwright asks elements for `checkVisibility`, which Chromium 83 lacks. A selector engine is text that Playwright runs in its own
 * world of every page before anything else there: this one selects nothing, and brings the method.
 */
async function bringVisibility(): Promise<void> {
  const content = `(() => {
    const own = Element.prototype.checkVisibility;
    Element.prototype.checkVisibility = own || function () { return this.getClientRects().length > 0; };
    return { query: () => null, queryAll: () => [] };
  })()`;
  await selectors.register(`visibility${brought++}`, { content });
}

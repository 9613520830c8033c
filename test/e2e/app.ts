import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const ROOT = new URL('../..', import.meta.url).pathname;
const DECKLOG = join(ROOT, 'core/cli/decklog.mjs');
const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Path of a Chromium, or null where this machine has none. */
export const CHROMIUM: string | null = CANDIDATES.find((path) => path !== undefined && existsSync(path)) ?? null;

export interface Served {
  readonly url: string;
  readonly readerUrl: string;
  stop(): Promise<void>;
  /** As the system kills a program: nothing is said before. */
  kill(): Promise<void>;
}

/** A folder that goes with the process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'decklog-e2e-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the command line to its end. */
export function decklog(...args: readonly string[]): string {
  return execFileSync(process.execPath, [DECKLOG, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1e9,
  });
}

/** Makes a case of evidence with all findings; its path. */
export function investigated(...evidence: readonly string[]): string {
  const path = join(temporaryFolder(), 'case.decklog');
  decklog('investigate', ...evidence, '--case', path, '--json');
  return path;
}

/** Makes a case of evidence, without findings; its path. */
export function imported(...evidence: readonly string[]): string {
  const path = join(temporaryFolder(), 'case.decklog');
  decklog('import', path, ...evidence, '--json');
  return path;
}

/** Serves a case through the real command line. */
export async function serve(path: string, ...args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [DECKLOG, 'serve', path, '--json', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await firstLine(child);
  const { url, readerUrl } = JSON.parse(line) as { url: string; readerUrl: string };
  const ended = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  return { url, readerUrl, stop: () => ended('SIGTERM'), kill: () => ended('SIGKILL') };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('exit', (code) => reject(new Error(`decklog serve ended with ${code}: ${text}`)));
  });
}

export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM as string, args: ['--no-sandbox'] });
}

export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong that nobody may see: console errors, exceptions, policy violations, requests to elsewhere. */
  readonly problems: string[];
}

/** A page that tells of everything that it must not do. */
export async function watchedPage(
  browser: Browser,
  url: string,
  colorScheme: 'dark' | 'light' = 'dark',
  size = { width: 1440, height: 900 },
): Promise<Watched> {
  const context = await browser.newContext({ viewport: size, colorScheme });
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const origin = new URL(url).origin;
  page.on('console', (message) => {
    if (message.type() === 'error' || /Trusted|Content Security/i.test(message.text()))
      problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (/^(http|ws)/.test(asked.protocol) && asked.host !== new URL(origin).host)
      problems.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  await page.getByRole('main').waitFor();
  return { page, context, problems };
}

/** Goes to a view by its name in the rail. */
export async function openView(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
  await page.locator(`nav a[aria-current="page"][aria-label="${name}"]`).waitFor();
  await page.waitForLoadState('networkidle');
}

/** Waits until a field has the focus, so that what is typed goes there. */
export async function fieldInFocus(page: Page): Promise<void> {
  await page.locator('input:focus, textarea:focus').first().waitFor();
}

export const VIEWS = ['Overview', 'Evidence', 'Timeline', 'Alerts', 'Hunt', 'Entities', 'Rules', 'Report'] as const;

/** Types line by line as a person does; the editor indents by itself, so each line begins at its first column. */
export async function typeRule(page: Page, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.insertText(line);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.press('Delete');
  }
}

/** Serious faults of accessibility in a part of the page, with where they are. The editor answers for itself. */
export async function faultsIn(page: Page, part: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).exclude('.monaco-editor').analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} ${nodes[0]?.html}`);
}

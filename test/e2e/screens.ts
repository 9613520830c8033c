/**
 * Pictures of every view for docs/screens, from the bundled sample: `npm run screens`. Each at 1440x900 and 1024x700, dark and
 * light; with names behind it, those views alone. Look at them after a change; nothing compares them.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { CHROMIUM, investigated, launch, type Served, serve } from './app.ts';

const OUT = new URL('../../docs/screens/', import.meta.url).pathname;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const;

/** Names of views; none: all. */
const ASKED = process.argv.slice(2);

interface Shot {
  readonly name: string;
  readonly path: string;
  act?(page: Page): Promise<void>;
}

const firstRow = async (page: Page): Promise<void> => {
  await page.locator('.grid-row:not(.grp)').first().waitFor();
};

const SHOTS: readonly Shot[] = [
  { name: 'overview', path: '/' },
  { name: 'evidence', path: '/evidence?evidence=1' },
  { name: 'timeline', path: '/timeline', act: openEvent },
  { name: 'alerts', path: '/alerts?level=medium', act: openAlert },
  { name: 'hunt', path: `/hunt?q=${encodeURIComponent('resource:secrets and verb:(get or list)')}`, act: firstRow },
  { name: 'hunt-sql', path: '/hunt?tab=sql' },
  { name: 'entities', path: '/entities?kind=serviceaccount', act: firstRow },
  {
    name: 'entity',
    path: `/entities?kind=serviceaccount&entity=${encodeURIComponent('system:serviceaccount:ci:deployer')}`,
  },
  { name: 'rules', path: '/rules', act: openRule },
  { name: 'matrix', path: '/rules?tab=matrix' },
  { name: 'lists', path: '/rules?tab=lists' },
  { name: 'studio', path: '/rules', act: openStudio },
  { name: 'object', path: '/entities?kind=object', act: openObject },
  { name: 'report', path: '/report' },
  { name: 'palette', path: '/', act: async (page) => page.keyboard.press('Control+k') },
  { name: 'keys', path: '/', act: async (page) => page.keyboard.press('?') },
];

const TAKEN = SHOTS.filter(({ name }) => ASKED.length === 0 || ASKED.includes(name));

/** Nothing is on its way any more: no bars in the place of rows, no figure that is being counted. */
async function settled(page: Page): Promise<void> {
  await page.locator('.foot', { hasText: /\d events/ }).waitFor();
  await page.waitForFunction(
    () =>
      document.querySelector('.sk') === null && !/counting…|opening the case…/.test(document.body.textContent ?? ''),
  );
}

async function openEvent(page: Page): Promise<void> {
  await firstRow(page);
  await page.locator('.grid-row').nth(2).locator('.cell').nth(3).click();
  await page.getByRole('complementary', { name: 'Event' }).locator('.json').waitFor();
}

async function openAlert(page: Page): Promise<void> {
  await firstRow(page);
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await page.locator('aside.alert-panel').locator('.json').waitFor();
}

async function openRule(page: Page): Promise<void> {
  await firstRow(page);
  await page.locator('.grid-row').first().locator('.cell').nth(1).click();
  await page.locator('.source').waitFor();
}

async function openStudio(page: Page): Promise<void> {
  await openRule(page);
  await page.getByRole('button', { name: 'Open in the studio' }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.getByText(/a million events, measured on/).waitFor();
  await page.getByRole('list', { name: 'First matches' }).getByRole('button').first().click();
  await page.getByRole('region', { name: 'Why' }).getByRole('listitem').first().waitFor();
}

async function openObject(page: Page): Promise<void> {
  await firstRow(page);
  await page.getByRole('textbox', { name: 'Filter by name' }).fill('clusterrolebindings');
  await page.locator('.grid-row', { hasNotText: 'clusterrolebindings' }).first().waitFor({ state: 'detached' });
  await page.locator('.grid-row .cell', { hasText: 'clusterrolebindings' }).first().click();
  await page.locator('.states > li').first().waitFor();
}

async function take(
  browser: Browser,
  served: Served,
  theme: 'dark' | 'light',
  size: (typeof SIZES)[number],
): Promise<void> {
  const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(served.url);
  await page.getByRole('main').waitFor();
  for (const shot of TAKEN) {
    await page.goto(new URL(shot.path, served.url).href);
    await settled(page);
    await shot.act?.(page);
    await settled(page);
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(OUT, `${shot.name}-${size.width}-${theme}.png`) });
  }
  await context.close();
}

if (CHROMIUM === null) {
  console.error('There is no Chromium here; name one with the variable CHROMIUM.');
  process.exit(1);
}
mkdirSync(OUT, { recursive: true });
const served = await serve(investigated('sample/northwind'));
const browser = await launch();
try {
  for (const theme of ['dark', 'light'] as const) {
    for (const size of SIZES) await take(browser, served, theme, size);
  }
  console.log(`${TAKEN.length * SIZES.length * 2} pictures in docs/screens`);
} finally {
  await browser.close();
  await served.stop();
}

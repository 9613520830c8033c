import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dismiss, dropFile, importByDrop, openFirstFinding, showDecision } from '../electron/story/story.ts';
import { CHROMIUM, imported, launch, openView, type Served, serve, watchedPage } from './app.ts';

if (CHROMIUM === null) console.warn('e2e: the tests of importing were not run, since this machine has no Chromium');

const HOSTILE = 'test/fixtures/format-samples/hostile--strings.jsonl';

describe.skipIf(CHROMIUM === null)('importing', () => {
  let browser: Browser;
  let served: Served;

  beforeAll(async () => {
    served = await serve(imported('test/fixtures/format-samples/damaged--empty.log'));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });

  test('goes from files that are dropped to findings, and to a dismissed alert whose reason the action log shows', async () => {
    const { page, context, problems } = await watchedPage(browser, served.url);
    await importByDrop(page);
    const alert = await openFirstFinding(page);
    await dismiss(page, alert);
    await showDecision(page);

    expect(problems).toEqual([]);
    await context.close();
  });

  test('shows hostile strings as text, with characters that mislead written out', async () => {
    const { page, context, problems } = await watchedPage(browser, served.url);
    await openView(page, 'Evidence');
    await dropFile(page, '.drop-zone', HOSTILE);
    await page.getByText(/ready$/).waitFor();
    await page.getByRole('button', { name: 'Read 1 file' }).click();
    await page
      .getByRole('grid', { name: 'Ledger' })
      .getByText('hostile--strings.jsonl')
      .first()
      .waitFor({ timeout: 60_000 });

    const shown: Record<string, boolean> = {};
    for (const query of hostileNames()) {
      await page.goto(
        new URL(`/hunt?q=${encodeURIComponent(`name:"${query.replace(/[\\"]/g, '\\$&')}"`)}`, served.url).href,
      );
      await page.locator('.grid-row .cell:not(:has(.sk))').nth(2).click();
      await page.getByRole('complementary', { name: 'Event' }).locator('.json').first().waitFor();
      const text = await page.locator('body').textContent();
      shown[visible(query)] =
        text?.includes(visible(query)) === true && !/[\u202a-\u202e\u2066-\u2069\u200b\u0000-\u0008]/.test(text ?? '');
    }
    const markup = await page.locator('main img, main script, main iframe, main a[href^="javascript"]').count();

    expect({ hidden: Object.entries(shown).filter(([, isShown]) => !isShown), markup, problems }).toEqual({
      hidden: [],
      markup: 0,
      problems: [],
    });
    expect(Object.keys(shown).length).toBeGreaterThan(0);
    await context.close();
  });

  test('alerts of Defender are taken in by choice and by drop, refused as a whole with the reason, and go by undo and with a reason', async () => {
    const { page, context, problems } = await watchedPage(browser, served.url);
    await openView(page, 'Evidence');
    const region = page.getByRole('region', { name: 'Alerts of other tools' });
    const lines = region.getByRole('listitem');
    await page
      .getByLabel('Files with alerts of Defender for Cloud')
      .setInputFiles(['test/fixtures/defender/alerts-api.json', 'package.json']);
    await lines.filter({ hasText: 'alerts-api.json' }).getByText('2 alerts').waitFor();
    await region.getByText('Nothing was taken from package.json').waitFor();
    await region.getByRole('alert').getByText('foreign/invalid').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await lines.first().waitFor({ state: 'detached' });

    await dropFile(page, '.foreign-files', 'test/fixtures/defender/security-alert-table.json');
    await lines.filter({ hasText: 'rows of the SecurityAlert table' }).waitFor();
    await region.getByText('Nothing was taken').waitFor({ state: 'detached' });
    await lines.first().getByRole('button', { name: 'Remove…' }).click();
    await region
      .getByRole('textbox', { name: 'Reason to remove security-alert-table.json' })
      .fill('of another cluster');
    await region.getByRole('textbox', { name: 'Reason to remove security-alert-table.json' }).press('Enter');
    await lines.first().waitFor({ state: 'detached' });
    await page.getByRole('table', { name: 'Actions' }).getByText('of another cluster').waitFor();
    expect({ toRead: await page.getByText(/ready$/).count(), problems }).toEqual({ toRead: 0, problems: [] });
    await context.close();
  });

  test('a second site in the same browser can neither read nor command the app', async () => {
    const { page, context } = await watchedPage(browser, served.url);
    const other = await context.newPage();
    await other.route('http://other.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<h1>other</h1>' }),
    );
    await other.goto('http://other.example/');
    const origin = new URL(served.url).origin;

    const outcome = await other.evaluate(async (target) => {
      const fetched = await fetch(`${target}/`).then(
        (response) => response.text().then(() => 'read'),
        () => 'refused',
      );
      const socket = await new Promise<string>((resolve) => {
        const each = new WebSocket(`${target.replace('http', 'ws')}/ws`);
        each.onopen = () => resolve('open');
        each.onerror = () => resolve('refused');
      });
      const frame = document.createElement('iframe');
      frame.src = target;
      document.body.append(frame);
      await new Promise((resolve) => setTimeout(resolve, 500));
      let inside = 'refused';
      try {
        inside = frame.contentDocument?.title ?? 'refused';
      } catch {
        // another origin
      }
      return { fetched, socket, inside };
    }, origin);

    expect(outcome).toEqual({ fetched: 'refused', socket: 'refused', inside: 'refused' });
    await page.close();
    await context.close();
  });
});

/** Drops a file on the view, as a person would. */
/** Names of objects in the hostile log that hold markup, control or bidirectional characters. */
function hostileNames(): readonly string[] {
  const names = readFileSync(HOSTILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { objectRef?: { name?: string } }).objectRef?.name ?? '');
  return [...new Set(names)].filter((name) => /[<>\u0000-\u001f\u200b-\u202e]/.test(name)).slice(0, 6);
}

function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    if (character === '\r') return '\\r';
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { decklog, fieldInFocus, openView, type Watched, watchedPage } from './app.ts';
import { describeServed, sampleCase } from './served-case.ts';

function sampleWithForeignAlerts(): string {
  const path = sampleCase();
  decklog('foreign', 'add', path, 'test/fixtures/defender/alerts-api.json');
  return path;
}

describeServed('each view does its work', sampleWithForeignAlerts, (open) => {
  async function inView(name: string, act: (page: Page, watched: Watched) => Promise<void>): Promise<void> {
    const watched = await watchedPage(open.browser, open.served.url);
    await openView(watched.page, name);
    await act(watched.page, watched);
    expect(watched.problems).toEqual([]);
    await watched.context.close();
  }

  test('the timeline: brush, zoom, move, whole case; the list stays in step', async () => {
    await inView('Timeline', async (page) => {
      const total = page.locator('.charts-head b');
      await expect.poll(() => total.textContent()).toBe('4,601 events');
      const box = await page.locator('.main-histogram .brush-area').boundingBox();
      if (box === null) throw new Error('no histogram');
      await page.mouse.move(box.x + box.width * 0.5, box.y + 30);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.7, box.y + 30, { steps: 8 });
      await page.mouse.up();
      await expect.poll(() => new URL(page.url()).searchParams.get('from')).not.toBeNull();
      await expect
        .poll(async () => `of ${(await total.textContent())?.replace(' events', '')}, oldest first`)
        .not.toBe('of 4,601, oldest first');
      const inRange = (await total.textContent())?.replace(' events', '') ?? '';
      await page.getByText(`of ${inRange}, oldest first`).waitFor();
      const brushed = page.url();
      await page.keyboard.press('z');
      await expect.poll(() => page.url()).not.toBe(brushed);
      await page.keyboard.press('0');
      await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBeNull();
      await expect.poll(() => total.textContent()).toBe('4,601 events');
    });
  });

  test('the timeline: heat map, own marker, and taking it back', async () => {
    await inView('Timeline', async (page) => {
      await page.getByRole('button', { name: 'Heat map' }).click();
      await page.getByRole('img', { name: /Events by weekday and hour/ }).waitFor();
      await page.keyboard.press('m');
      await fieldInFocus(page);
      await page.keyboard.type('pager call');
      await page.keyboard.press('Control+Enter');
      await page.locator('.marker', { hasText: 'pager call' }).waitFor();
      await page.keyboard.press('Control+z');
      await page.locator('.marker', { hasText: 'pager call' }).waitFor({ state: 'detached' });
    });
  });

  test('the timeline: alerts of another tool are a lane of their own, each with ours for the same detection', async () => {
    await inView('Timeline', async (page) => {
      const lane = page.getByRole('list', { name: 'Alerts of other tools' });
      await lane.getByRole('group', { name: 'Defender for Cloud: 2 alerts' }).waitFor();
      await lane.getByRole('button', { name: /^Defender alert 1, medium/ }).press('Enter');
      const facts = page.getByRole('status', { name: 'Defender alert 1' });
      await facts.getByText('Command within a container running with high privileges').waitFor();
      await facts
        .getByRole('button', { name: /^Alert \d+/ })
        .first()
        .click();
      await expect.poll(() => new URL(page.url()).pathname).toBe('/alerts');
    });
  });

  test('hunting: completion, a fault in place, facets that choose either, filter out on a cell', async () => {
    await inView('Hunt', async (page) => {
      const query = page.getByRole('combobox', { name: 'Query' });
      const found = page.locator('.found-bar b');
      await query.fill('resorce:secrets');
      await page.locator('.q-fault').waitFor();
      await query.fill('');
      await query.pressSequentially('resource:secr');
      await page
        .getByRole('option', { name: /secrets/ })
        .first()
        .waitFor();
      await query.press('Tab');
      await query.press('Control+Enter');
      await expect.poll(() => found.textContent()).toBe('304 events');
      await page.locator('.facet', { hasText: 'Verb' }).getByRole('checkbox').nth(0).check();
      await expect.poll(() => new URL(page.url()).searchParams.get('q')).toMatch(/^resource:secrets and verb:\w+$/);
      await page.locator('.facet', { hasText: 'Verb' }).getByRole('checkbox').nth(1).check();
      await expect
        .poll(() => new URL(page.url()).searchParams.get('q'))
        .toMatch(/^resource:secrets and verb:\(\w+ or \w+\)$/);
      // The bar shows the query that was run: from then on count and rows are those of this query.
      await expect.poll(() => query.inputValue()).toMatch(/ or /);
      await expect.poll(() => found.textContent()).toMatch(/^[\d,]+ events?$/);
      await page.locator('.grid-row').first().locator('.cell:not(:has(.sk))').nth(4).click();
      await page.getByRole('complementary', { name: 'Event' }).waitFor();
      await page.keyboard.press('-');
      await expect.poll(() => new URL(page.url()).searchParams.get('q')).toContain(' and not user:');
    });
  });

  test('hunting: a query is saved in the case, SQL answers and is refused a write', async () => {
    await inView('Hunt', async (page) => {
      await page.goto(new URL('/hunt?q=verb%3Adelete', open.served.url).href);
      await page.getByRole('button', { name: 'Save query…' }).click();
      await page.getByRole('textbox', { name: 'Name of the query' }).fill('Deletions');
      await page.keyboard.press('Enter');
      await page.getByRole('complementary', { name: 'Saved queries' }).getByText('Deletions').waitFor();
      await page.getByRole('button', { name: 'SQL, read-only' }).click();
      await page.getByRole('textbox', { name: 'SQL' }).fill('SELECT count(*) AS events FROM event');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('grid', { name: 'Result' }).getByText('4601').waitFor();
      await page.getByRole('textbox', { name: 'SQL' }).fill('DELETE FROM event');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('alert').waitFor();
    });
  });

  test('entities: an account opens, leads to its relations and back', async () => {
    await inView('Entities', async (page) => {
      await page.getByRole('grid', { name: 'Service accounts' }).getByText('ci:deployer').click();
      await page.getByRole('heading', { name: 'ci:deployer' }).waitFor();
      await page.getByRole('button', { name: 'Table' }).click();
      const related = page.getByRole('table', { name: 'Relations' }).getByRole('button').first();
      const name = await related.textContent();
      await related.click();
      await page.getByRole('heading', { name: name ?? '' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'ci:deployer' }).waitFor();
      await page.getByRole('navigation', { name: 'Kinds of entities' }).getByText('Shells and forwards').click();
      await page.locator('.session').first().waitFor();
    });
  });

  test('rules: filter, source, blind ones, matrix', async () => {
    await inView('Rules', async (page) => {
      await page.getByRole('textbox', { name: 'Filter rules' }).fill('T1611');
      await page.locator('.grid-row').first().locator('.cell').nth(1).click();
      await page.getByRole('group', { name: 'Source of the rule' }).getByText('detection').first().waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('group', { name: 'Source of the rule' }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: /^Blind/ }).click();
      await page.getByText('Blind is not clean.').waitFor();
      await page.getByRole('button', { name: 'ATT&CK matrix' }).click();
      await page.getByRole('region', { name: 'Initial access' }).waitFor();
    });
  });

  test('evidence is computed again, and the report collects what was starred', async () => {
    await inView('Evidence', async (page) => {
      await page.getByRole('button', { name: 'Verify everything again' }).click();
      await page.getByText(/^Verified: \d+ checks agree\.$/).waitFor({ timeout: 60_000 });
      await page.goto(new URL('/alerts?alert=1', open.served.url).href);
      await page.getByRole('button', { name: 'Star alert 1' }).click();
      await page.getByRole('button', { name: 'Star alert 1' }).and(page.locator('[aria-pressed="true"]')).waitFor();
      await openView(page, 'Report');
      await page.getByRole('region', { name: 'Marks' }).getByRole('button').first().waitFor();
      await page.getByRole('button', { name: 'Preview' }).click();
      await page
        .frameLocator('iframe[title="Preview of the report"]')
        .locator('h1')
        .first()
        .waitFor({ timeout: 60_000 });
    });
  });

  test('palette, key sheet and search work from everywhere; likings are remembered', async () => {
    await inView('Overview', async (page) => {
      await page.keyboard.press('Control+k');
      await fieldInFocus(page);
      await page.keyboard.type('go to rules');
      await page.keyboard.press('Enter');
      await page.locator('nav a[aria-current="page"][aria-label="Rules"]').waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'detached' });
      await page.keyboard.press('/');
      await fieldInFocus(page);
      await page.keyboard.type('deployer');
      await page
        .getByRole('option', { name: /ci:deployer/ })
        .first()
        .waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('dialog', { name: 'Settings' }).getByRole('button', { name: 'Light' }).click();
      await page.keyboard.press('Escape');
      await page.reload();
      await page.getByRole('main').waitFor();
      const theme = await page.evaluate(() => document.documentElement.dataset['theme']);

      expect(theme).toBe('light');
    });
  });
});

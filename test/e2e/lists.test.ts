import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openView, watchedPage } from './app.ts';
import { describeServed, sampleCase } from './served-case.ts';

describeServed('lists, histories and filters', sampleCase, (open) => {
  async function inView(name: string, act: (page: Page) => Promise<void>): Promise<void> {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    await openView(page, name);
    await act(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect({ problems, grave: grave.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`) }).toEqual({
      problems: [],
      grave: [],
    });
    await context.close();
  }

  test('a list gets a value of this case, and loses it by undo; indicators come from a file and go with a reason', async () => {
    await inView('Rules', async (page) => {
      await page.getByRole('button', { name: 'Lists', exact: true }).click();
      const list = page.locator('details.list').first();
      await list.locator('summary').click();
      await list.getByRole('textbox', { name: /^New value/ }).fill('registry.example.test');
      await list.getByRole('textbox', { name: /^Why/ }).fill('our mirror');
      await list.getByRole('button', { name: 'Add' }).click();
      await list.getByText('our mirror').waitFor();
      await page.keyboard.press('Escape');
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.keyboard.press('Control+z');
      await list.getByText('our mirror').waitFor({ state: 'detached' });
      await page.getByLabel('File of indicators').setInputFiles({
        name: 'known-bad.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('203.0.113.58\n203.0.113.77\n'),
      });
      const indicators = page.getByRole('region', { name: 'Lists of indicators' });
      await indicators.getByText('2 address').waitFor();
      await indicators.getByRole('button', { name: 'Remove…' }).click();
      await indicators.getByRole('textbox', { name: /^Why/ }).fill('wrong case');
      await indicators.getByRole('button', { name: 'Remove', exact: true }).click();
      await indicators.getByText('None in this case.').waitFor();
    });
  });

  test('an object tells what became of it, and leads to the events', async () => {
    await inView('Entities', async (page) => {
      await page.goto(new URL('/entities?kind=object', page.url()).href);
      await page.getByRole('textbox', { name: 'Filter by name' }).fill('clusterrolebindings');
      await page.locator('.grid-row', { hasNotText: 'clusterrolebindings' }).first().waitFor({ state: 'detached' });
      await page.locator('.grid-row .cell', { hasText: 'clusterrolebindings' }).first().click();
      const history = page.getByRole('region', { name: 'What became of it' });
      await history.locator('.states > li').first().waitFor();
      await history.getByRole('button').first().click();
      await page.getByRole('complementary', { name: 'Event' }).waitFor();
    });
  });

  test("a filter takes effect while one types, goes with one step back, and stays the link's", async () => {
    await inView('Entities', async (page) => {
      await page.goto(new URL('/entities?kind=object', page.url()).href);
      const field = page.getByRole('textbox', { name: 'Filter by name' });
      const others = page.locator('.grid-row', { hasNotText: 'clusterrolebindings' }).first();
      await others.waitFor();
      await field.pressSequentially('clusterrolebindings', { delay: 20 });
      await others.waitFor({ state: 'detached' });
      await page.locator('.grid-row', { hasText: 'clusterrolebindings' }).first().waitFor();
      expect(await field.inputValue()).toBe('clusterrolebindings');
      await page.goBack();
      await others.waitFor();
      expect(await field.inputValue()).toBe('');
      await page.goForward();
      await others.waitFor({ state: 'detached' });
      expect(await field.inputValue()).toBe('clusterrolebindings');
      await page.getByRole('button', { name: 'Clear the filter' }).click();
      await others.waitFor();
    });
  });

  test('techniques bear their names; a filter is for one entity and has an end', async () => {
    await inView('Alerts', async (page) => {
      await page.locator('.grid-row:not(.grp)').first().locator('.cell').nth(2).click();
      await page.locator('.nm dd', { hasText: /^T1\d{3}(\.\d{3})? [A-Z]/ }).waitFor();
      await page.getByRole('button', { name: 'Exclude this, as a filter…' }).click();
      await page.getByRole('combobox', { name: 'And only of' }).selectOption({ index: 1 });
      await page.getByRole('combobox', { name: 'Until' }).selectOption('7');
      await page.getByRole('textbox', { name: 'Reason', exact: true }).fill('scanner of the platform team');
      await page.getByRole('button', { name: 'Add filter' }).click();
      await page.getByText(/^Filter added; it hides [1-9]/).waitFor();
    });
  });
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fieldInFocus, openView, watchedPage } from './app.ts';
import { describeServed, sampleCase } from './served-case.ts';

describeServed('triage', sampleCase, (open) => {
  test('goes by keyboard alone: next, star, dismiss with a reason, undo, note, proof, back', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    const key = (text: string) => page.keyboard.press(text);

    await key('g');
    await key('a');
    await page.getByRole('grid', { name: 'Alerts' }).waitFor();
    await page.locator('.grid-row:not(.grp)').first().waitFor();
    await key('j');
    await alertPanel(page).waitFor();
    const first = await alertNumber(page);
    await key('j');
    await page.waitForFunction(
      (before) => !document.querySelector('.alert-panel .panel-head h2')?.textContent?.endsWith(` ${before}`),
      first,
    );
    const second = await alertNumber(page);
    await key('s');
    await page
      .getByRole('button', { name: `Star alert ${second}` })
      .and(page.locator('[aria-pressed="true"]'))
      .waitFor();
    await key('d');
    await page.getByRole('textbox', { name: 'Reason, kept in the action log' }).waitFor();
    await fieldInFocus(page);
    await page.keyboard.type('benchmark job, change 4471');
    await key('Control+Enter');
    await page.getByText(`Alert ${second} dismissed: “benchmark job, change 4471”.`).waitFor();
    await page.waitForFunction(
      (before) => !document.querySelector('.alert-panel .panel-head h2')?.textContent?.endsWith(` ${before}`),
      second,
    );
    const third = await alertNumber(page);
    await key('k');
    await page.waitForFunction(
      (wanted) => document.querySelector('.alert-panel .panel-head h2')?.textContent?.endsWith(` ${wanted}`),
      second,
    );
    const dismissed = page.locator('section[aria-label="Status"] h2 small', { hasText: 'dismissed' });
    await dismissed.waitFor();
    await key('Control+z');
    await page.locator('section[aria-label="Status"] h2 small', { hasText: 'open' }).waitFor();
    await key('c');
    await fieldInFocus(page);
    await page.keyboard.type('ask the platform team');
    await key('Control+Enter');
    await page.getByText('ask the platform team').waitFor();
    await key('Space');
    await page.getByRole('complementary', { name: 'Event' }).waitFor();
    await key('Escape');
    await alertPanel(page).waitFor();
    await key('Escape');
    await alertPanel(page).waitFor({ state: 'detached' });
    await page.locator('[role="grid"][aria-label="Alerts"] :focus').waitFor();

    expect({ problems, distinct: new Set([first, second, third]).size }).toEqual({
      problems: [],
      distinct: 3,
    });
    await context.close();
  });

  test('a link restores view, filter, range and selection; back and forward too', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    await openView(page, 'Alerts');
    await page.getByRole('button', { name: 'Rule', exact: true }).click();
    await page.locator('button[aria-pressed="true"]', { hasText: /^Rule$/ }).waitFor();
    await page.locator('.grid-row:not(.grp)').first().locator('.cell').nth(2).click();
    await alertPanel(page).waitFor();
    const link = page.url();
    const number = await alertNumber(page);

    await openView(page, 'Timeline');
    await page.goBack();
    await alertPanel(page).waitFor();
    const afterBack = await alertNumber(page);
    await page.goto(link);
    await alertPanel(page).waitFor();
    const afterReload = {
      number: await alertNumber(page),
      group: await page.getByRole('button', { name: 'Rule', exact: true }).getAttribute('aria-pressed'),
    };

    expect({ afterBack, afterReload, problems }).toEqual({
      afterBack: number,
      afterReload: { number, group: 'true' },
      problems: [],
    });
    await context.close();
  });

  test('a reader sees everything and is offered no change', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.readerUrl);
    await openView(page, 'Alerts');
    await page.locator('.grid-row:not(.grp)').first().waitFor();
    await page.keyboard.press('j');
    await alertPanel(page).waitFor();
    await page.keyboard.press('d');

    const isDisabled = await page.getByRole('button', { name: /^Dismiss/ }).isDisabled();
    const fields = await page.getByRole('textbox', { name: /Reason/ }).count();

    expect({ isDisabled, fields, problems }).toEqual({ isDisabled: true, fields: 0, problems: [] });
    await context.close();
  });
});

function alertPanel(page: Page) {
  return page.locator('aside.alert-panel[aria-label^="Alert "]');
}

async function alertNumber(page: Page): Promise<string> {
  const text = await page.locator('.alert-panel .panel-head h2').first().textContent();
  return text?.replace(/\D/g, '') ?? '';
}

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fieldInFocus, openView, watchedPage } from './app.ts';
import { describeServed, sampleCase } from './served-case.ts';

describeServed('keys', sampleCase, (open) => {
  test('a key is changed in the sheet, works at once and after a reload, and goes back', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    await page.keyboard.press('?');
    await page.getByRole('button', { name: 'Change keys' }).click();
    await page.getByRole('button', { name: 'Key of Search: /' }).click();
    await page.keyboard.press('0');
    const refused = await page.getByRole('alert').first().textContent();
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Key of Search: f' }).waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByRole('main').waitFor();
    await page.keyboard.press('f');
    await fieldInFocus(page);
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    const shown = await page.locator('.top kbd').allTextContents();
    await page.keyboard.press('Escape');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('?');
    await page.getByRole('button', { name: 'All as shipped' }).click();
    await page.getByRole('dialog').or(page.locator('.sheet')).getByText('Search', { exact: true }).first().waitFor();
    const back = await page.evaluate(() => JSON.parse(localStorage.getItem('decklog.preferences') ?? '{}').keys);

    expect({ refused, focused, shown, back, problems }).toEqual({
      refused: '0 is Whole case',
      focused: expect.stringMatching(/^Search/),
      shown: expect.arrayContaining(['f']),
      back: {},
      problems: [],
    });
    await context.close();
  });

  test('x selects, t tags all that is selected, brackets go on from the panel, Shift+F10 opens the menu', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    const key = (text: string) => page.keyboard.press(text);
    await openView(page, 'Alerts');
    await page.locator('.grid-row:not(.grp)').first().locator('.cell').nth(2).click();
    await page.locator('.alert-panel .panel-head h2').waitFor();
    const first = await number(page);
    await key('x');
    await key('j');
    // The panel keeps the alert before until the next has come.
    await expect.poll(() => number(page)).not.toBe(first);
    await key('x');
    await expect.poll(() => page.locator('.marked-row').count()).toBe(2);
    await key('t');
    await page
      .getByRole('combobox', { name: 'Tag' })
      .or(page.getByLabel('Tag', { exact: true }))
      .first()
      .fill('look again');
    await key('Enter');
    await page.getByText('Tag “look again” put on 2 items.').waitFor();
    await page.getByRole('button', { name: 'Select none' }).click();
    const second = await number(page);
    await page.locator('.alert-panel .panel-head').click();
    await key('[');
    await page.waitForFunction(
      (wanted) => document.querySelector('.alert-panel h2')?.textContent?.endsWith(` ${wanted}`),
      first,
    );
    await key(']');
    await page.waitForFunction(
      (wanted) => document.querySelector('.alert-panel h2')?.textContent?.endsWith(` ${wanted}`),
      second,
    );
    await page.locator('.grid-row[aria-selected="true"] .cell').nth(2).click();
    await key('Shift+F10');
    await page.getByRole('menuitem', { name: /^Benign/ }).click();
    await page.getByRole('textbox', { name: 'Reason, kept in the action log' }).fill('known job');
    await key('Control+Enter');
    await page.getByText(`Alert ${second} benign`).waitFor();
    await key('[');
    await page.waitForFunction(
      (wanted) => document.querySelector('.alert-panel h2')?.textContent?.endsWith(` ${wanted}`),
      second,
    );
    await page.locator('section[aria-label="Status"] h2 small', { hasText: 'benign' }).waitFor();

    expect({ differ: first !== second, problems }).toEqual({
      differ: true,
      problems: [],
    });
    await context.close();
  });

  test('selected events are starred together', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    await openView(page, 'Hunt');
    await page.locator('.grid-row .cell').nth(3).click();
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByRole('group', { name: 'With the selected events' }).getByRole('button', { name: 'Star' }).click();
    await page.getByText('Star put on 2 items.').waitFor();

    expect(problems).toEqual([]);
    await context.close();
  });
});

async function number(page: Page): Promise<string> {
  const text = await page.locator('.alert-panel .panel-head h2').first().textContent();
  return text?.replace(/\D/g, '') ?? '';
}

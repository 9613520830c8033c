import { expect, test } from 'vitest';
import { CHROMIUM, imported, launch, openView, serve, watchedPage } from './app.ts';

if (CHROMIUM === null) console.warn('e2e: crashes were not tried, since this machine has no Chromium');

test.skipIf(CHROMIUM === null)(
  'what is not saved outlives the death of the server and the browser, and is found again by a new one',
  async () => {
    const path = imported('sample/northwind');
    const [served, browser] = [await serve(path), await launch()];
    const { page } = await watchedPage(browser, served.url);
    await openView(page, 'Rules');
    await page.getByRole('button', { name: 'New rule' }).click();
    await page.getByRole('textbox', { name: 'Rule text' }).focus();
    await page.keyboard.insertText('title: Half written');
    await page.getByText('not saved, kept beside the case').waitFor();
    await Promise.all([served.kill(), browser.close()]);

    const [again, other] = [await serve(path), await launch()];
    const second = await watchedPage(other, again.url);
    await openView(second.page, 'Rules');
    const unsaved = second.page.getByRole('region', { name: 'Not saved yet' });
    await unsaved.getByText('case/rule-1.yml').waitFor();
    await unsaved.getByRole('button', { name: 'Go on with case/rule-1.yml' }).click();
    await second.page.getByText('title: Half written').waitFor();
    await second.page.getByText('not saved, kept beside the case').waitFor();

    await second.page.getByRole('button', { name: 'Give up changes' }).click();
    await second.page.getByRole('button', { name: 'Back to the rules' }).click();
    await unsaved.waitFor({ state: 'detached' });

    expect(second.problems).toEqual([]);
    await other.close();
    await again.stop();
  },
);

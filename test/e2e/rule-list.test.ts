import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faultsIn, watchedPage } from './app.ts';
import { describeServed, sampleCase } from './served-case.ts';

const openStudio = async (page: Page, url: string, path: string): Promise<void> => {
  await page.goto(new URL(`/rules?edit=${encodeURIComponent(path)}`, url).href);
  await page.getByRole('textbox', { name: 'Rule text' }).waitFor();
};

const MINER = 'rules/execution/miner-command.yml';
const SHELL = 'rules/execution/exec-shell.yml';

describeServed('the rules beside the editor', sampleCase, (open) => {
  test('are searched, walked through and opened by keyboard; what is written stays', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    const list = page.getByRole('navigation', { name: 'Rules of this case' });
    const search = list.getByRole('textbox', { name: 'Search the rules' });
    const item = (name: RegExp) => list.getByRole('button', { name });
    const isOpen = (name: RegExp) => item(name).and(list.locator('[aria-current="true"]')).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await openStudio(page, open.served.url, SHELL);
    await isOpen(/^Informational Interactive shell in a container [1-9]\d* events$/);
    // The open rule is in sight, however far down it stands.
    const isInSight = (element: Element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const around = element.closest('nav')?.getBoundingClientRect();
      return around !== undefined && around.top <= top && bottom <= around.bottom;
    };
    await expect.poll(() => item(/Interactive shell in a container/).evaluate(isInSight)).toBe(true);

    await page.getByRole('textbox', { name: 'Rule text' }).focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('# mine\n');
    await page.getByText('kept beside the case').waitFor();
    await item(/Interactive shell in a container not saved/).waitFor();

    await search.focus();
    await page.keyboard.insertText('coin miner');
    await item(/Command line of a coin miner/).waitFor();
    await item(/Interactive shell in a container/).waitFor({ state: 'detached' });
    expect(await faultsIn(page, 'nav[aria-label="Rules of this case"]')).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toContain('coin miner');
    const title = await page.evaluate(() => document.activeElement?.getAttribute('title')?.split('\n')[1]);
    await page.keyboard.press('Enter');
    await page.getByText(`${title}`, { exact: true }).waitFor();
    // The focus stays, so that the next one is an arrow and Enter away.
    expect(await focused()).toContain('coin miner');

    await search.focus();
    await page.keyboard.press('Escape');
    await item(/Interactive shell in a container not saved/).focus();
    await page.keyboard.press('Enter');
    await page.getByText('# mine').waitFor();

    const heading = item(/^Execution/);
    await heading.focus();
    await page.keyboard.press('Enter');
    await item(/Interactive shell in a container/).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await item(/Interactive shell in a container/).waitFor();
    await item(/New rule/).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Nothing is written yet.').waitFor();
    await isOpen(/^rule-1\.yml/);

    await page.getByRole('button', { name: 'Give up changes' }).waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await context.close();
  });

  test('leave a small window to the editor, until they are asked for; that is remembered', async () => {
    const size = { width: 1024, height: 700 };
    const { page, context, problems } = await watchedPage(open.browser, open.served.url, 'light', size);
    const list = page.getByRole('navigation', { name: 'Rules of this case' });
    await openStudio(page, open.served.url, MINER);
    expect(await list.count()).toBe(0);
    await page.getByRole('button', { name: 'Show the rules' }).focus();
    await page.keyboard.press('Enter');
    await list.getByRole('button', { name: /Command line of a coin miner/ }).waitFor();
    await page.reload();
    await list.getByRole('button', { name: /Command line of a coin miner/ }).waitFor();
    await list.getByRole('button', { name: 'Hide the rules' }).click();
    await list.waitFor({ state: 'detached' });

    expect(problems).toEqual([]);
    await context.close();
  });
});

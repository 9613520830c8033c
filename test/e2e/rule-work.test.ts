import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { faultsIn, openView, watchedPage } from './app.ts';
import { describeServed, sampleCase } from './served-case.ts';

const RULE = `title: A rule of a pack
id: 7c1f7a52-6c1e-4d37-9a0e-3f3f6c2a9d77
status: experimental
logsource: {product: kubernetes, service: audit}
detection:
  selection: {verb: list}
  condition: selection
level: low
`;

describeServed('work with rules', sampleCase, (open) => {
  test('a zip of rules is brought in with a report of what is refused, and taken out again', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    await openView(page, 'Rules');
    await page.getByLabel('Files of rules').setInputFiles({
      name: 'mine.zip',
      mimeType: 'application/zip',
      buffer: Buffer.from(
        zipSync({
          'good.yml': strToU8(RULE),
          'good.test.yml': strToU8('match:\n  - name: a list\n    event: {verb: list}\n'),
          'bad.yml': strToU8(RULE.replace('verb: list', 'verb|no: list')),
        }),
      ),
    });
    const pack = page.getByRole('region', { name: 'Rules to bring in' });
    await pack.getByText('1 rule to take, 1 refused').waitFor();
    const files = pack.getByRole('list', { name: 'Files of the pack' });
    await files.getByText('mine.zip!/bad.yml').waitFor();
    await files.getByText('modifier/unknown').waitFor();
    expect(await faultsIn(page, 'section[aria-label="Rules to bring in"]')).toEqual([]);

    await pack.getByRole('textbox', { name: 'Reason to bring the rules in' }).fill('our own pack');
    await page.keyboard.press('Enter');
    await page.getByText('1 rule taken in').waitFor();
    await page.getByRole('textbox', { name: 'Filter rules' }).fill('A rule of a pack');
    const grid = page.getByRole('grid', { name: 'Rules' });
    await grid.getByText('A rule of a pack').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    expect((await download).suggestedFilename()).toBe('rules.zip');

    // In a field the key would undo what was typed.
    await page.getByRole('button', { name: 'Export' }).focus();
    await page.keyboard.press('Control+z');
    await grid.getByText('A rule of a pack').waitFor({ state: 'detached' });

    expect(problems).toEqual([]);
    await context.close();
  });

  test('a rule is switched off in the case with a reason, seen in the list, and on again by undo', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    await openView(page, 'Rules');
    await page.getByRole('textbox', { name: 'Filter rules' }).fill('Command line of a coin miner');
    await page.getByText('1 rule', { exact: true }).first().waitFor();
    const grid = page.getByRole('grid', { name: 'Rules' });
    await grid.getByText('Command line of a coin miner').click();
    const setting = page.getByRole('region', { name: 'In this case' });
    await setting.getByRole('textbox', { name: 'Reason for the setting' }).fill('our own miner');
    await setting.getByRole('button', { name: 'Switch off' }).click();
    await grid.getByText('off', { exact: true }).waitFor();
    await setting.getByText('our own miner').waitFor();

    await setting.getByRole('button', { name: 'Switch on' }).focus();
    await page.keyboard.press('Control+z');
    await grid.getByText('fired', { exact: true }).waitFor();

    expect(problems).toEqual([]);
    await context.close();
  });
});

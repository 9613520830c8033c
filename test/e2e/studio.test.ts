import AxeBuilder from '@axe-core/playwright';
import { strToU8, zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openView, typeRule, watchedPage } from './app.ts';
import { describeServed, sampleCase } from './served-case.ts';

const focusEditor = async (page: Page, label: string) => page.getByRole('textbox', { name: label }).focus();

const RULE = `title: A rule of a pack
id: 7c1f7a52-6c1e-4d37-9a0e-3f3f6c2a9d77
status: experimental
logsource: {product: kubernetes, service: audit}
detection:
  selection: {verb: list}
  condition: selection
level: low
`;

describeServed('the rule studio, by keyboard', sampleCase, (open) => {
  test('write a rule, see its matches, ask why not, mend it, add tests, compare, save, run, find the alert', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    await openView(page, 'Rules');
    await page.getByRole('button', { name: 'New rule' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Rule text' }).waitFor();
    await focusEditor(page, 'Rule text');

    await typeRule(page, [
      'title: Secrets listed while trying the studio',
      'id: 5d0f7a52-6c1e-4d37-9a0e-3f3f6c2a9d77',
      'status: experimental',
      'logsource:',
      '  product: kubernetes',
      '  service: audit',
      'detection:',
      '  selection:',
      '    objectRef.resource: secrets',
    ]);
    // A value of this case comes by completion.
    await page.keyboard.insertText('    verb: ');
    await page.keyboard.type('lis');
    await page.getByRole('option', { name: /^list/ }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.press('Delete');
    await typeRule(page, ['  condition: selektion', 'level: high']);

    const problemsSeen = page.getByRole('status', { name: 'Problems' });
    await problemsSeen.getByText('selektion').waitFor();
    await expect.poll(() => problemsSeen.textContent()).toContain('1 error');

    // The quick fix mends the misspelt name.
    await page.keyboard.press('F8');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+.');
    await page.getByText('Write selection').first().waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => problemsSeen.textContent()).toContain('No problem');

    const preview = page.getByRole('region', { name: 'Preview' });
    await expect
      .poll(async () =>
        Number(/([\d,]+) events?/.exec((await preview.textContent()) ?? '')?.[1]?.replace(',', '') ?? 0),
      )
      .toBeGreaterThan(0);
    const sight = page.getByRole('region', { name: 'Coverage and cost' });
    await sight.getByText('level Metadata; secrets').waitFor();
    await sight.getByText('This case shows it.').waitFor();
    await sight.getByText(/a million events, measured on/).waitFor();
    const first = preview.getByRole('list', { name: 'First matches' }).getByRole('button').first();
    await first.focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('list', { name: /^Condition of/ })
      .getByText('verb: list')
      .waitFor();
    await page.getByRole('button', { name: 'Add event as must match' }).focus();
    await page.keyboard.press('Enter');
    const tests = page.getByRole('region', { name: 'Tests' });
    await tests.getByText('1 of 1 pass').waitFor();

    // An event that the rule does not meet: which comparison is false, and what the event has.
    await page.getByRole('textbox', { name: 'Number of an event' }).focus();
    await page.keyboard.insertText('1');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Why' }).getByText('✗').first().waitFor();
    await page.getByRole('button', { name: 'Add event as near miss' }).focus();
    await page.keyboard.press('Enter');
    await tests.getByText('2 of 2 pass').waitFor();

    // What is not saved outlives a reload.
    await page.reload();
    await page.getByRole('textbox', { name: 'Rule text' }).waitFor();
    await expect.poll(() => tests.textContent()).toContain('2 of 2 pass');

    const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze();
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id} ${nodes[0]?.html}`),
    ).toEqual([]);

    await focusEditor(page, 'Rule text');
    await page.keyboard.press('Control+s');
    const saving = page.getByRole('region', { name: 'Save' });
    await saving.getByText(/[1-9]\d* appear/).waitFor();
    await page.keyboard.insertText('to try the studio');
    await page.keyboard.press('Enter');
    await page.getByText('version 1').waitFor();

    await openView(page, 'Alerts');
    await page.getByText('Secrets listed while trying the studio').first().waitFor();

    expect(problems).toEqual([]);
    await context.close();
  });

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

  test('a rule is made from an event, from a query and from an alert; values are left open by choice', async () => {
    const { page, context, problems } = await watchedPage(open.browser, open.served.url);
    const at = (path: string) => page.goto(new URL(path, open.served.url).href);
    const preview = page.getByRole('region', { name: 'Preview' });
    const text = page.locator('.view-lines');
    await at('/rules?edit=case/alert-1.yml');
    const fields = page.getByRole('region', { name: 'Fields of the draft' });
    await fields.getByText('objectRef.resource').waitFor();
    await preview
      .getByText(/[1-9][\d,]* events?/)
      .first()
      .waitFor();

    // Who did it is asked for by a pattern only when that is chosen.
    expect(await text.textContent()).not.toContain('user.username');
    await fields.getByRole('button', { name: 'userAgent with wildcards' }).click();
    await expect.poll(() => text.textContent()).toMatch(/userAgent:\s'[^']*\*'/);
    await fields.getByRole('checkbox', { name: /^userAgent/ }).uncheck();
    await expect.poll(() => text.textContent()).not.toContain('userAgent');

    await at('/rules?edit=case/event-1.yml');
    await fields.getByText('verb').first().waitFor();

    await at(`/hunt?q=${encodeURIComponent('verb:list resource:secrets')}`);
    await page.getByRole('button', { name: 'Make a rule' }).click();
    await expect.poll(() => text.textContent()).toMatch(/objectRef.resource:\ssecrets/);
    await preview
      .getByText(/[1-9][\d,]* events?/)
      .first()
      .waitFor();

    await at('/rules?edit=case/not-alert-1.yml');
    await expect.poll(() => text.textContent()).toMatch(/filter:/);
    await page
      .getByRole('status', { name: 'Problems' })
      .getByText('0 errors')
      .or(page.getByText('No problem.'))
      .first()
      .waitFor();

    expect(problems).toEqual([]);
    await context.close();
  });
});

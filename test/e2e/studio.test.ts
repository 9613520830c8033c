import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faultsIn, openView, typeRule, watchedPage } from './app.ts';
import { describeServed, sampleCase } from './served-case.ts';

const focusEditor = async (page: Page, label: string) => page.getByRole('textbox', { name: label }).focus();

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
    const offered = page.getByRole('option', { name: /^list/ }).first();
    await offered.waitFor();
    // It can be read as well, and is not only there.
    const shown = await offered.getByText('list', { exact: true }).first().boundingBox();
    expect(Math.min(shown?.width ?? 0, shown?.height ?? 0)).toBeGreaterThan(5);
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

    // What stands under the mouse is explained, with what this case has there.
    await page.getByText('objectRef.resource', { exact: true }).first().hover();
    await page.getByRole('tooltip').getByText('In this case:').waitFor();
    await page.mouse.move(0, 0);

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
    await page.getByRole('textbox', { name: 'Number of an event, or its JSON' }).focus();
    await page.keyboard.insertText('1');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Why' }).getByText('✗').first().waitFor();
    await page.getByRole('button', { name: 'Add event as near miss' }).focus();
    await page.keyboard.press('Enter');
    await tests.getByText('2 of 2 pass').waitFor();

    // So is one that the case does not have: pasted, and what it has is told.
    await page.getByRole('textbox', { name: 'Number of an event, or its JSON' }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('nonsense');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('paste one as it stands in the log').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{"verb":"watch","objectRef":{"resource":"secrets"}}');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Why' }).getByTitle('the event has watch').waitFor();

    // What is not saved outlives a reload.
    await page.reload();
    await page.getByRole('textbox', { name: 'Rule text' }).waitFor();
    await expect.poll(() => tests.textContent()).toContain('2 of 2 pass');

    for (const part of ['.head', '.studio-side', '.studio-problems']) expect(await faultsIn(page, part)).toEqual([]);

    await focusEditor(page, 'Rule text');
    await page.keyboard.press('Control+s');
    const saving = page.getByRole('region', { name: 'Save', exact: true });
    await saving.getByText(/[1-9]\d* appear/).waitFor();
    await page.keyboard.insertText('to try the studio');
    await page.keyboard.press('Enter');
    await page.getByText('case/secrets-listed-while-trying-the-studio.yml, version 1', { exact: true }).waitFor();

    await openView(page, 'Alerts');
    await page.getByText('Secrets listed while trying the studio').first().waitFor();

    expect(problems).toEqual([]);
    await context.close();
  });
});

import { expect, test } from 'vitest';
import { faultsIn, watchedPage } from './app.ts';
import { describeServed, sampleCase } from './served-case.ts';

describeServed('rules made from evidence', sampleCase, (open) => {
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

    await page.getByText(/a million events, measured on/).waitFor();
    for (const part of ['.studio-side', '.studio-problems']) expect(await faultsIn(page, part)).toEqual([]);

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
    await page.getByText('A filter finds nothing by itself').waitFor();
    await page.keyboard.press('Control+s');
    const saving = page.getByRole('region', { name: 'Save', exact: true });
    await saving.getByText(/[1-9]\d* (vanish|change)/).waitFor();

    expect(problems).toEqual([]);
    await context.close();
  });
});

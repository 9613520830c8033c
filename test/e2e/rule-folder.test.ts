import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHROMIUM, imported, launch, openView, serve, temporaryFolder, watchedPage } from './app.ts';

if (CHROMIUM === null) console.warn('e2e: folders of rules were not tried, since this machine has no Chromium');

const RULE = `title: Kept in a folder
id: 7c1f7a52-6c1e-4d37-9a0e-3f3f6c2a9d78
status: experimental
logsource: {product: kubernetes, service: audit}
detection: {selection: {verb: list}, condition: selection}
level: low
`;

test.skipIf(CHROMIUM === null)(
  'a new rule is saved as a file of a folder; what changes there outside is told, and not overwritten',
  async () => {
    const folder = join(temporaryFolder(), 'ours');
    mkdirSync(folder);
    const path = imported('sample/northwind');
    const [served, browser] = [await serve(path, '--rules', folder), await launch()];
    const { page, problems } = await watchedPage(browser, served.url);
    const typed = page.getByRole('textbox', { name: 'Rule text' });
    const kept = page.getByText('kept beside the case');
    await openView(page, 'Rules');
    await page.getByRole('button', { name: 'New rule' }).click();
    await typed.focus();
    await page.keyboard.insertText(RULE);
    await page.getByText('No problem.').waitFor();
    await page.keyboard.press('Control+s');
    const saving = page.getByRole('region', { name: 'Save', exact: true });
    await saving.getByRole('combobox', { name: 'Keep it in' }).selectOption(folder);
    expect(await saving.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe('kept-in-a-folder');
    await saving.getByRole('textbox', { name: 'Reason' }).fill('ours');
    await saving.getByRole('button', { name: 'Save', exact: true }).click();
    const file = join(folder, 'kept-in-a-folder.yml');
    await page.getByText(`${file}, a file`, { exact: true }).waitFor();
    expect(readFileSync(file, 'utf8')).toBe(RULE);

    // Somebody else writes it while it is being changed here.
    await typed.focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('# mine\n');
    await kept.waitFor();
    writeFileSync(file, `# theirs\n${RULE}`);
    await page.keyboard.press('Control+s');
    await saving.getByRole('textbox', { name: 'Reason' }).fill('mine');
    await saving.getByRole('button', { name: 'Save', exact: true }).click();
    const told = page.getByRole('alert').filter({ hasText: 'Something else stands in' });
    await told.waitFor();
    expect(readFileSync(file, 'utf8')).toBe(`# theirs\n${RULE}`);

    await told.getByRole('button', { name: 'Go on with mine' }).click();
    await told.waitFor({ state: 'detached' });
    await saving.getByRole('button', { name: 'Save', exact: true }).click();
    await saving.waitFor({ state: 'detached' });
    expect(readFileSync(file, 'utf8')).toBe(`# mine\n${RULE}`);

    // Taken back: the file is as it was, and what was written here is there as not saved.
    const written = () => readFileSync(file, 'utf8');
    const undo = async () => {
      await page.getByRole('button', { name: 'Back to the rules' }).focus();
      await page.keyboard.press('Control+z');
    };
    await undo();
    await expect.poll(written).toBe(`# theirs\n${RULE}`);
    await kept.waitFor();
    await page.getByText('# mine').waitFor();
    await typed.focus();
    await page.keyboard.press('Control+s');
    await saving.getByRole('textbox', { name: 'Reason' }).fill('mine again');
    await saving.getByRole('button', { name: 'Save', exact: true }).click();
    await saving.waitFor({ state: 'detached' });
    expect(written()).toBe(`# mine\n${RULE}`);

    // What somebody else has written since is not taken back.
    writeFileSync(file, `# theirs again\n${RULE}`);
    const notice = page.getByRole('status', { name: 'Notice' });
    await Promise.all([notice.getByText('was changed since it was saved').waitFor(), undo()]);
    expect(written()).toBe(`# theirs again\n${RULE}`);

    expect(problems).toEqual([]);
    await browser.close();
    await served.stop();
  },
);

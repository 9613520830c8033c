import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const WRONG_RULE = [
  'title: Secrets listed by hand',
  'status: experimental',
  'logsource:',
  '  product: kubernetes',
  'detection:',
  '  selection:',
  '    verb: list',
  '  condition: selektion',
];

/** The editor of rules comes up, takes what is typed, colours it, names the mistake, and asks for nothing that our policy denies. */
export async function checkEditor(page: Page): Promise<void> {
  await page.evaluate(`globalThis.violatedByEditor = [];
    addEventListener('securitypolicyviolation', (event) => violatedByEditor.push(event.violatedDirective + ' ' + event.blockedURI));`);
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'New rule' }).click();
  const text = page.getByRole('textbox', { name: 'Rule text' });
  await text.waitFor();
  await text.focus();
  for (const line of WRONG_RULE) await typeLine(page, line);

  const problems = page.getByRole('status', { name: 'Problems' });
  await problems.getByText('selektion').waitFor();
  await expect.poll(() => problems.textContent(), { timeout: 60_000 }).toContain('1 error');
  const classes = `new Set(Array.from(document.querySelectorAll('.view-line span span'), ({ className }) => className)).size`;
  await expect.poll(() => page.evaluate(classes), { timeout: 60_000 }).toBeGreaterThan(1);
  expect(await page.evaluate('globalThis.violatedByEditor')).toEqual([]);
}

/** The editor offers completions and indents by itself: neither is taken. */
async function typeLine(page: Page, line: string): Promise<void> {
  await page.keyboard.insertText(line);
  for (const key of ['Escape', 'Enter', 'Shift+Home', 'Delete']) await page.keyboard.press(key);
}

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** An app that is open over a case, whatever door it came through. */
export interface StoryApp {
  readonly page: Page;
  /** Ends the engine's process without asking it. */
  crashEngine(): Promise<void> | void;
  close(): Promise<void>;
}

export interface StoryDoor {
  readonly name: string;
  open(casePath: string): Promise<StoryApp>;
}

/** The bundled log, and how many of its records are events. */
export const EVIDENCE = {
  path: join(import.meta.dirname, '..', '..', '..', 'sample', 'northwind', 'nw-cp-1', 'audit.log.gz'),
  events: '2,444',
};
const REASON = 'known scanner of the security team';

/**
 * The one story that every door must pass: drop evidence on an empty case, see findings, drill down to the bytes, dismiss with a
 * reason, lose the engine's process, restart, and find the decision. Raises what does not hold.
 */
export async function tellStory(door: StoryDoor, casePath: string, evidence = EVIDENCE.path): Promise<void> {
  const first = await door.open(casePath);
  try {
    patient(first.page);
    await importByDrop(first.page, evidence);
    const alert = await openFirstFinding(first.page);
    await drillDown(first.page, alert);
    await dismiss(first.page, alert);
    await first.crashEngine();
    await showDecision(first.page);
  } finally {
    await first.close();
  }
  const second = await door.open(casePath);
  try {
    patient(second.page);
    await showDecision(second.page);
  } finally {
    await second.close();
  }
}

/** Whatever takes long is told by the limit of the test: a busy machine is no fault. */
export function patient(page: Page): void {
  page.setDefaultTimeout(120_000);
}

/** From a file that is dropped, the bundled log wherever it lies, to sums that reconcile. */
export async function importByDrop(page: Page, evidence = EVIDENCE.path): Promise<void> {
  await openView(page, 'Evidence');
  await dropFile(page, '.drop-zone', evidence);
  await page.getByText(/ready$/).waitFor();
  await page.getByRole('button', { name: 'Read 1 file' }).click();
  await page.getByRole('region', { name: 'Sum' }).getByText(EVIDENCE.events).first().waitFor();
  await page.getByText('The sum reconciles').waitFor();
}

/** The first thing that the overview says to do; the number of its alert. */
export async function openFirstFinding(page: Page): Promise<string> {
  await openView(page, 'Overview');
  await page
    .getByRole('region', { name: 'Start here' })
    .getByRole('button', { name: /^Decide on alert/ })
    .first()
    .click();
  const title = page.locator('.alert-panel .panel-head h2 b');
  await title.waitFor();
  return (await title.textContent()) ?? '';
}

/** From the alert to the event that proves it and to its bytes, and back. */
async function drillDown(page: Page, alert: string): Promise<void> {
  await page.getByRole('table', { name: 'Proving events' }).getByRole('row').first().waitFor();
  await page.keyboard.press('Space');
  const event = page.getByRole('complementary', { name: 'Event' });
  const json = event.getByRole('group', { name: 'JSON' }).first();
  await json.waitFor();
  assert.match((await json.textContent()) ?? '', /auditID/);
  assert.match((await event.textContent()) ?? '', /audit\.log/);
  await event
    .locator('.panel-head')
    .getByRole('button', { name: `Alert ${alert}` })
    .click();
  await event.waitFor({ state: 'detached' });
}

/** With a reason. */
export async function dismiss(page: Page, alert: string): Promise<void> {
  await page.getByRole('button', { name: /^Dismiss/ }).click();
  await page.getByRole('textbox', { name: /Reason/ }).fill(REASON);
  await page.getByRole('button', { name: /^Save and next/ }).click();
  await page.getByText(`Alert ${alert} dismissed: “${REASON}”`).waitFor();
}

/** The decision stands in the action log, once. */
export async function showDecision(page: Page): Promise<void> {
  await openView(page, 'Evidence');
  const rows = page.getByRole('table', { name: 'Actions' }).getByRole('row').filter({ hasText: REASON });
  await rows.first().waitFor();
  assert.equal(await rows.count(), 1);
}

async function openView(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
  await page.locator(`nav a[aria-current="page"][aria-label="${name}"]`).waitFor();
}

/** Drops a file of the disk on a part of the page, as a person would from a file manager. */
export async function dropFile(page: Page, part: string, path: string): Promise<void> {
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'from-disk' }))`,
  );
  await page.setInputFiles('#from-disk', path);
  // Where a stand-in takes the place of Electron, a file cannot say by itself where it lies.
  await page.evaluate(`(() => {
    const input = document.getElementById('from-disk');
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(input.files[0]);
    globalThis.__standInPaths = new Map([[dataTransfer.files[0], ${JSON.stringify(path)}]]);
    for (const kind of ['dragover', 'drop'])
      document.querySelector(${JSON.stringify(part)}).dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    input.remove();
  })()`);
}

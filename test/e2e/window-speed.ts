/**
 * How fast the window is on a large case: `node test/e2e/window-speed.ts [events | CASE]`, a million by default. Prints milliseconds
 * as a person sees them, in Chromium through the served app: the press of a key or button to the rows that it brings; beside
 * them the CPU of the page's own thread, which other work on the machine does not lengthen.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { generateLog } from '../bench/generate-log.ts';
import { investigated, launch, openView, serve, VIEWS, watchedPage } from './app.ts';

const WANTED = process.argv[2] ?? '1000000';
const ROUNDS = 5;
/** Jumps are short and cheap: enough of them for a 95th percentile that one late frame does not make. */
const JUMPS = 20;

/** Milliseconds on the clock and of the page's thread. */
interface Timing {
  readonly clock: number;
  readonly cpu: number;
}

let metrics: CDPSession;

async function pageCpu(): Promise<number> {
  const { metrics: all } = await metrics.send('Performance.getMetrics');
  return (all.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

async function timed(act: () => Promise<unknown>): Promise<Timing> {
  const [before, start] = [await pageCpu(), performance.now()];
  await act();
  const clock = performance.now() - start;
  return { clock, cpu: (await pageCpu()) - before };
}

/** The value that 95 of 100 stay below; of few values the highest. */
function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)] ?? 0;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function tell(what: string, timings: readonly Timing[]): void {
  const clock = timings.map((timing) => timing.clock);
  const figures = [median(clock), percentile95(clock), Math.min(...clock), median(timings.map(({ cpu }) => cpu))];
  const names = ['median', '95th', 'best', "page's CPU"];
  console.log(what.padEnd(46), figures.map((ms, at) => `${names[at]} ${ms.toFixed(0).padStart(5)}`).join('   '));
}

const firstRow = (page: Page): Promise<void> =>
  page.locator('.grid-row:not(.grp) .cell:not(:has(.sk))').first().waitFor();

async function views(page: Page): Promise<void> {
  const withRows = new Set(['Timeline', 'Alerts', 'Hunt', 'Entities', 'Rules']);
  for (const view of VIEWS) {
    const values: Timing[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await openView(page, view === 'Overview' ? 'Report' : 'Overview');
      values.push(
        await timed(async () => {
          await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
          if (withRows.has(view)) await firstRow(page);
          else await page.locator('.main section').first().waitFor();
        }),
      );
    }
    tell(`${view}: first rows`, values);
  }
}

async function facets(page: Page): Promise<void> {
  await openView(page, 'Hunt');
  await firstRow(page);
  const values: Timing[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const count = await page.locator('.found-bar b').textContent();
    values.push(
      await timed(async () => {
        await page
          .locator('.facet')
          .first()
          .locator('.fv')
          .nth(round % 4)
          .click();
        await page.waitForFunction((before) => {
          const now = document.querySelector('.found-bar b')?.textContent ?? '';
          return now !== before && /\d/.test(now);
        }, count);
        await firstRow(page);
      }),
    );
  }
  tell('Hunt: facet to counts and rows', values);
}

async function jumps(page: Page): Promise<void> {
  await page.goto(new URL('/hunt', page.url()).href);
  await firstRow(page);
  const values: Timing[] = [];
  for (let round = 0; round < JUMPS; round++) {
    const before = await pageCpu();
    const clock = await page.evaluate(
      async (share) => {
        const grid = document.querySelector('[role="grid"]') as HTMLElement;
        const was = Number(grid.querySelector('.grid-row:nth-child(8)')?.getAttribute('aria-rowindex') ?? 0);
        const start = performance.now();
        grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * share;
        for (;;) {
          await new Promise(requestAnimationFrame);
          const row = grid.querySelector('.grid-row:nth-child(8)');
          const index = Number(row?.getAttribute('aria-rowindex') ?? 0);
          if (grid.scrollTop > 0 && index > 1000 && index !== was && row?.querySelector('.sk') === null)
            return performance.now() - start;
        }
      },
      0.3 + ((round * 0.137) % 0.4),
    );
    values.push({ clock, cpu: (await pageCpu()) - before });
  }
  tell('Hunt: jump to the middle of the list', values);
}

async function brushing(page: Page): Promise<void> {
  await openView(page, 'Timeline');
  await firstRow(page);
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({
      type: 'longtask',
    });
  });
  const box = await page.locator('.main-histogram .brush-area').boundingBox();
  if (box === null) throw new Error('no histogram');
  for (let round = 0; round < ROUNDS; round++) {
    await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
    await page.mouse.down();
    for (let step = 0; step < 60; step++) await page.mouse.move(box.x + box.width * (0.2 + step * 0.01), box.y + 40);
    // Back to the start: only the drawing is measured, no new range is asked for.
    await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
    await page.mouse.up();
  }
  const tasks = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
  tell(
    `Timeline: long tasks while brushing (${tasks.length} in ${ROUNDS * 62} moves)`,
    tasks.length === 0 ? [{ clock: 0, cpu: 0 }] : tasks.map((clock) => ({ clock, cpu: clock })),
  );
}

async function generatedCase(events: number): Promise<string> {
  const log = join(folder, 'audit.log');
  await generateLog(log, events);
  return investigated(log);
}

const folder = mkdtempSync(join(tmpdir(), 'decklog-window-'));
const served = await serve(WANTED.endsWith('.decklog') ? WANTED : await generatedCase(Number(WANTED)));
const browser = await launch();
try {
  const { page, problems, context } = await watchedPage(browser, served.url);
  metrics = await context.newCDPSession(page);
  await metrics.send('Performance.enable', { timeDomain: 'threadTicks' });
  await openView(page, 'Timeline');
  await firstRow(page);
  await views(page);
  await facets(page);
  await jumps(page);
  await brushing(page);
  for (const problem of problems) console.log(problem);
} finally {
  await browser.close();
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
}

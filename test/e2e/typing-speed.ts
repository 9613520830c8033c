/**
 * Whether the rule studio keeps up with a person who types: `node test/e2e/typing-speed.ts CASE`. Types into a rule over the case, in
 * Chromium through the served app, and prints milliseconds: from each key to the frame that shows it, the page's CPU for each
 * key, the longest task of the page's thread on the clock and of its CPU, which other work on the machine does not lengthen, and from
 * the last key to the exact count on screen.
 */
import type { Page } from 'playwright-core';
import { launch, openView, serve, typeRule, watchedPage } from './app.ts';

/** Between two keys: 120 words a minute. */
const PAUSE_MS = 100;

const BEGINNING = [
  'title: A rule typed over a large case',
  'id: 6f1c9a52-3f0a-4b61-9d55-2d6b5c1f0a77',
  'logsource:',
  '  product: kubernetes',
  '  service: audit',
  'detection:',
  '  condition: s',
  '  s:',
];

/** What is typed, 60 keys each: what columns decide, what bytes decide, and what most events hold. */
const TYPED = [
  ['columns decide', 'verb: delete\nobjectRef.resource: secrets\nuser.username: team-1'],
  ['the records decide', 'requestURI|contains: /api/v1/namespaces/team-1/deployments/a'],
  ['bodies decide', "requestObject.spec.containers.image|contains: '/web:1' # typed"],
] as const;

interface Recorded {
  /** From the press to the frame that shows it. */
  readonly keys: number[];
  /** Between two frames. */
  readonly frames: number[];
}

async function record(page: Page): Promise<void> {
  await page.evaluate(() => {
    const recorded: Recorded = { keys: [], frames: [] };
    Object.assign(window, { recorded });
    addEventListener(
      'keydown',
      ({ timeStamp }) =>
        requestAnimationFrame(() => setTimeout(() => recorded.keys.push(performance.now() - timeStamp))),
      { capture: true },
    );
    let last = performance.now();
    const frame = (now: number) => {
      recorded.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

const takeRecorded = (page: Page): Promise<Recorded> =>
  page.evaluate(() => {
    const { recorded } = window as unknown as { recorded: Recorded };
    return {
      keys: recorded.keys.splice(0),
      frames: recorded.frames.splice(0),
    };
  });

/** The beginning of a rule, and nothing else. */
async function begin(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Rule text' }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await typeRule(page, BEGINNING);
  await page.keyboard.insertText('    ');
  await page.getByRole('status', { name: 'Problems' }).getByText('error').first().waitFor();
}

interface Task {
  readonly clock: number;
  readonly cpu: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** What the threads of pages did, task by task. */
function tasksOf(trace: Buffer): Task[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const isPage = ({ name, args }: TraceEvent) => name === 'thread_name' && args.name === 'CrRendererMain';
  const pages = new Set(traceEvents.filter(isPage).map(threadOf));
  return traceEvents
    .filter((event) => event.name.endsWith('RunTask') && pages.has(threadOf(event)))
    .map(({ dur = 0, tdur = 0 }) => ({ clock: dur / 1000, cpu: tdur / 1000 }));
}

const most = (values: readonly number[]): string => Math.max(0, ...values).toFixed(0);

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0;

async function typing(page: Page, what: string, text: string, cpu: () => Promise<number>): Promise<void> {
  await begin(page);
  await takeRecorded(page);
  await browser.startTracing(page, { categories: ['toplevel'] });
  const before = await cpu();
  for (const key of text) {
    const next = new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    await page.keyboard.press(key === '\n' ? 'Enter' : key);
    await next;
  }
  const used = (await cpu()) - before;
  const pressed = performance.now();
  const shown = await page.getByRole('textbox', { name: 'Rule text' }).inputValue();
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText(/^(joining alerts…|live)$/).waitFor({ timeout: 120_000 });
  const exact = performance.now() - pressed + PAUSE_MS;
  await preview.getByText('live', { exact: true }).waitFor({ timeout: 120_000 });
  const alerts = performance.now() - pressed + PAUSE_MS;
  const tasks = tasksOf(await browser.stopTracing());
  const { keys, frames } = await takeRecorded(page);
  const lost = text.split('\n').filter((line) => !shown.includes(line));
  const figures = [
    `key to frame: median ${percentile(keys, 0.5).toFixed(0)}, 95th ${percentile(keys, 0.95).toFixed(0)}, most ${most(keys)}`,
    `longest frame ${most(frames)}`,
    `page's CPU a key ${(used / text.length).toFixed(1)}`,
    `longest task ${most(tasks.map(({ clock }) => clock))}, its CPU at most ${most(tasks.map((task) => task.cpu))}`,
    `exact count after ${exact.toFixed(0)}, alerts after ${alerts.toFixed(0)}`,
    lost.length === 0 ? `all ${text.length} keys` : `not in the text: ${lost.join(' | ')}`,
  ];
  console.log(`${what.padEnd(20)} ${figures.join('   ')}`);
}

const path = process.argv[2];
if (path === undefined) throw new Error('Name a case: node test/e2e/typing-speed.ts CASE');
const served = await serve(path);
const browser = await launch();
try {
  const { page, problems, context } = await watchedPage(browser, served.url);
  const metrics = await context.newCDPSession(page);
  await metrics.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpu = async () => {
    const { metrics: all } = await metrics.send('Performance.getMetrics');
    return (all.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  await openView(page, 'Rules');
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByRole('textbox', { name: 'Rule text' }).waitFor();
  await record(page);
  for (const [what, text] of TYPED) await typing(page, what, text, cpu);
  for (const problem of problems) console.log(problem);
} finally {
  await browser.close();
  await served.stop();
}

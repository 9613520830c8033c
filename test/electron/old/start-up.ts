import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDisplay } from './display.ts';
import { launchOld } from './launch.ts';
import { oldElectron } from './runtime.ts';

/**
 * Measures starts of the shell on the old Electron, from the start of its process to the overview's first thing to do on screen.
 * `node test/electron/old/start-up.ts APP CASE [starts]`, where `node test/electron/old/build.ts APP` made the app, or APP is the
 * binary of a packed or installed one.
 */
async function main(app: string, casePath: string, starts: number): Promise<void> {
  const [old, display] = [await oldElectron(), await openDisplay()];
  if ('why' in old || display === null) throw new Error('why' in old ? old.why : 'Xvfb is not installed');
  const entry = join(app, 'entry.cjs');
  const program = existsSync(entry) ? { binary: join(old.folder, 'electron'), entry } : { binary: app };
  const folder = mkdtempSync(join(tmpdir(), 'decklog-start-'));
  const opened = join(folder, 'case.decklog');
  cpSync(casePath, opened);
  const took: number[] = [];
  for (let start = 0; start < starts; start++) {
    const before = performance.now();
    const shell = await launchOld({
      ...program,
      display: display.name,
      userData: join(folder, 'user'),
      opens: [opened],
    });
    await shell.page
      .getByRole('region', { name: 'Start here' })
      .getByRole('button', { name: /^Decide/ })
      .first()
      .waitFor();
    took.push(Math.round(performance.now() - before));
    await shell.close();
  }
  await display.close();
  rmSync(folder, { recursive: true, force: true });
  const sorted = took.toSorted((a, b) => a - b);
  console.log(
    `${starts} starts, ms: median ${sorted[Math.floor(starts / 2)]}, slowest ${sorted.at(-1)} (${took.join(', ')})`,
  );
}

const [app = '', casePath = '', starts = '10'] = process.argv.slice(2);
await main(app, casePath, Number(starts));

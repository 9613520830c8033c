import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findOldElectron } from '../electron/old/runtime.ts';
import { type DeliberateFault, FAULTS, OLD_ELECTRON } from './list.ts';

/** Puts each fault into a copy of this checkout and runs the tests that must notice. `node test/faults/run.ts [part of a name or file]` */
const ROOT = join(import.meta.dirname, '..', '..');

function copyCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'decklog-faults-'));
  const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: ROOT, maxBuffer: 2 ** 28 });
  // What has been taken away and not yet committed is listed too.
  for (const file of files
    .toString()
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function passes(copy: string, { tests, only }: DeliberateFault): Promise<boolean> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', tests, ...(only === undefined ? [] : ['-t', only])];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore' });
  return (await new Promise((resolve) => child.on('close', resolve))) === 0;
}

/** Where there is no old Electron its tests are skipped, which is no proof of anything. */
async function withoutSkipped(wanted: readonly DeliberateFault[]): Promise<readonly DeliberateFault[]> {
  const left = wanted.filter(({ tests }) => !tests.startsWith(OLD_ELECTRON));
  if (left.length === wanted.length) return wanted;
  const old = await findOldElectron();
  if (!('why' in old)) return wanted;
  console.log(`${wanted.length - left.length} faults are left out, which the old Electron would show: ${old.why}`);
  return left;
}

async function main(part: string): Promise<void> {
  const wanted = FAULTS.filter(({ name, file }) => `${name} ${file}`.includes(part));
  const chosen = await withoutSkipped(wanted);
  const copy = copyCheckout();
  const missed: string[] = [];
  try {
    for (const fault of chosen) {
      const path = join(copy, fault.file);
      const sound = readFileSync(path, 'utf8');
      writeFileSync(
        path,
        sound.replace(fault.find, () => fault.put),
      );
      const isMissed = await passes(copy, fault);
      writeFileSync(path, sound);
      if (isMissed) missed.push(fault.name);
      console.log(`${isMissed ? 'MISSED' : 'caught'}  ${fault.name} (${fault.file})`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  console.log(`${chosen.length - missed.length} of ${chosen.length} deliberate faults caught`);
  process.exit(missed.length === 0 ? 0 : 1);
}

await main(process.argv[2] ?? '');

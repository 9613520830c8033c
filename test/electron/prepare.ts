import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findOldElectron } from './old/runtime.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OLD_APP = join(ROOT, '.cache', 'old-app');

declare module 'vitest' {
  interface ProvidedContext {
    /** The old Electron with the app that it can run, or why there is none. */
    oldElectron: { readonly binary: string; readonly entry: string } | { readonly why: string };
  }
}

/** Before the tests of the shell: builds the app once, and brings the old Electron where it can be had. */
export async function setup(project: TestProject): Promise<void> {
  execFileSync(process.execPath, [join(ROOT, 'electron', 'build.ts')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const old = await oldApp();
  if ('why' in old) console.warn(`The lane of the old Electron is skipped: ${old.why}`);
  project.provide('oldElectron', old);
}

async function oldApp(): Promise<{ readonly binary: string; readonly entry: string } | { readonly why: string }> {
  const old = await findOldElectron();
  if ('why' in old) return old;
  rmSync(OLD_APP, { recursive: true, force: true });
  // Apart: what is built within a test runner is built for development.
  const env = { ...process.env, NODE_ENV: 'production' };
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  execFileSync(process.execPath, [join(import.meta.dirname, 'old', 'build.ts'), OLD_APP], { env, stdio: [...stdio] });
  return { binary: join(old.folder, 'electron'), entry: join(OLD_APP, 'entry.cjs') };
}

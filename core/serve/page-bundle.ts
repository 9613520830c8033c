import { spawn } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CaseError } from '../fault.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUNDLE = join(ROOT, 'dist', 'renderer');
/** What the page is built from. */
const SOURCES = ['renderer', 'core/contract', 'core/chart', 'vite.config.ts', 'package-lock.json'];

/**
 * The folder of the built page. Packages carry it; in a checkout it is built on the first use, and again when a source is
 * newer. `tell` hears one line if that takes a while. Raises `usage` if it cannot be built.
 */
export async function pageBundle(tell: (line: string) => void): Promise<string> {
  const sources = SOURCES.map((name) => join(ROOT, name)).filter((path) => existsSync(path));
  if (!existsSync(join(ROOT, 'vite.config.ts'))) return join(ROOT, 'renderer');
  const built = builtAt();
  if (built !== null && sources.every((path) => newest(path) <= built)) return BUNDLE;
  tell('Building the page, once ...');
  await build();
  return BUNDLE;
}

function builtAt(): number | null {
  const index = join(BUNDLE, 'index.html');
  return existsSync(index) ? statSync(index).mtimeMs : null;
}

function newest(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(path).reduce((most, name) => Math.max(most, newest(join(path, name))), status.mtimeMs);
}

async function build(): Promise<void> {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(vite)) throw cannot('Its tools are not installed.', 'Run `npm ci` with its development packages.');
  // Beside, and then in one step: another process may be building or serving it.
  const made = `${BUNDLE}-${process.pid}`;
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', made], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) {
    rmSync(made, { recursive: true, force: true });
    throw cannot(said.trim().slice(0, 2000), 'Run `npx vite build` to see more.');
  }
  rmSync(BUNDLE, { recursive: true, force: true });
  try {
    renameSync(made, BUNDLE);
  } catch (error) {
    // Another one was first, with the same page.
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(BUNDLE)) throw error;
  }
}

function cannot(why: string, hint: string): CaseError {
  return new CaseError('usage', `The page could not be built: ${why}`, { hint });
}

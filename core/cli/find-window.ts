import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'dist', 'electron', 'main.cjs');
/** An older one is a runtime of tests, without the protections that the shell relies on. */
const LEAST_MAJOR = 40;
const BINARIES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** A desktop window that can be opened, or why there is none. */
export type FoundWindow = { readonly binary: string } | { readonly why: string };

/** Looks for an Electron runtime by its files: loading its package would start a download. */
export function findWindow(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): FoundWindow {
  const binary = installed(platform);
  if ('why' in binary) return binary;
  if (!existsSync(MAIN)) return { why: 'the shell is not built (npm run build:app)' };
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return { why: 'there is no display' };
  if (platform === 'linux' && process.getuid?.() === 0) return { why: 'its sandbox does not run as root' };
  return runs(binary.binary) ? binary : { why: 'its Electron does not start here' };
}

function installed(platform: NodeJS.Platform): FoundWindow {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    const dist = join(folder, 'dist');
    const binary = join(dist, BINARIES[platform] ?? 'electron');
    if (!existsSync(binary)) return { why: 'no Electron runtime is installed (npx install-electron fetches one)' };
    const found = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
    if (found !== version || Number.parseInt(found, 10) < LEAST_MAJOR)
      return { why: `the Electron runtime that is installed is ${found}, not ${version}` };
    return { binary };
  } catch {
    return { why: 'no Electron is installed' };
  }
}

const runs = (binary: string): boolean => spawnSync(binary, ['--version'], { timeout: 15_000 }).status === 0;

/** Opens the window over a case; it goes on when this process ends. */
export function openWindow(binary: string, casePath: string): void {
  spawn(binary, [MAIN, casePath], { detached: true, stdio: 'ignore' }).unref();
}

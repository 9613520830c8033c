import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An older one is a runtime of tests, without the protections that the shell relies on. */
const LEAST_MAJOR = 40;
const BINARIES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};
/** A window that has not come up by then, nor ended, is left to itself. */
const MOST_WAITING_MS = 60_000;

/** What of a machine decides whether there can be a window. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly hasDisplay: boolean;
  readonly isRoot: boolean;
  /** The folder of the package `electron`; null where it is not installed. */
  readonly electron: string | null;
  /** The folder of the built app. */
  readonly app: string;
}

/** A desktop window that can be opened, or all that stands in its way. */
export type FoundWindow = { readonly binary: string } | { readonly why: string };

export function thisMachine(env: NodeJS.ProcessEnv): Machine {
  const { platform } = process;
  return {
    platform,
    hasDisplay: platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']),
    isRoot: process.getuid?.() === 0,
    electron: electronPackage(),
    app: fileURLToPath(new URL('../../dist', import.meta.url)),
  };
}

/** By its files: loading the package would start a download. */
function electronPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}

/** Whether a window can be opened on a machine; nothing is opened or fetched. */
export function findWindow(machine: Machine): FoundWindow {
  const runtime = installed(machine);
  const whys = 'why' in runtime ? [runtime.why] : [];
  if (!existsSync(join(machine.app, 'electron', 'main.cjs')) && whys.length === 0)
    whys.push('the window is not built (npm run build:app builds it)');
  if (!machine.hasDisplay) whys.push('there is no display');
  if (machine.platform === 'linux' && machine.isRoot) whys.push('the sandbox of a window does not run as root');
  if (whys.length > 0 || 'why' in runtime) return { why: whys.join('; ') };
  return runs(runtime.binary) ? runtime : { why: 'the Electron runtime that is installed does not start here' };
}

function installed({ electron, platform }: Machine): FoundWindow {
  const none = { why: 'no Electron runtime is installed (npx install-electron fetches one)' };
  if (electron === null) return none;
  const binary = join(electron, 'dist', BINARIES[platform] ?? 'electron');
  if (!existsSync(binary)) return none;
  const { version } = JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8')) as { version: string };
  const found = versionOf(join(electron, 'dist', 'version'));
  if (found === version && Number.parseInt(found, 10) >= LEAST_MAJOR) return { binary };
  return {
    why: `the Electron runtime that is installed is ${found}, not ${version} (npx install-electron fetches it)`,
  };
}

function versionOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().replace(/^v/, '');
  } catch {
    return 'of no known version';
  }
}

const runs = (binary: string): boolean => spawnSync(binary, ['--version'], { timeout: 15_000 }).status === 0;

/** Opens the window over a case; it goes on when this process ends. Null once it is there; else why it is not. */
export async function openWindow(
  binary: string,
  casePath: string,
  app: string,
  mostWaitingMs = MOST_WAITING_MS,
): Promise<string | null> {
  const child = spawn(binary, [app, '--tell-when-shown', casePath], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const why = await shown(child, mostWaitingMs);
  if (child.connected) child.disconnect();
  child.unref();
  return why;
}

function shown(child: ChildProcess, mostWaitingMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(null), mostWaitingMs);
    const end = (why: string | null) => {
      clearTimeout(late);
      resolve(why);
    };
    child.once('message', () => end(null));
    child.once('error', ({ message }) => end(`Electron could not be started (${message})`));
    // In good order it ends where the window of another start has taken the case over.
    child.once('exit', (code, signal) =>
      end(code === 0 ? null : `Electron ended before it was open (${signal ?? code})`),
    );
  });
}

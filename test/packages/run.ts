import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { oldElectron } from '../electron/old/runtime.ts';
import { type ForeignCall, foreignCalls, TRACED } from '../electron/packed/trace.ts';

/**
 * Runs the tests of packages: packs, installs and tells the whole story in a network namespace that holds nothing but loopback, with
 * every attempt to reach another machine written down. Where that cannot be had (it wants root, unshare, ip and strace) it says so, and
 * runs them as they are.
 */
const ROOT = join(import.meta.dirname, '..', '..');
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
/** Of networks for documentation: nobody has it. */
const NOBODY = '192.0.2.1';
const ENV = {
  // A package for a test need not be small.
  ELECTRON_BUILDER_COMPRESSION_LEVEL: '1',
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
};

/** Runs a command with loopback alone, and writes its trace. */
function runAlone(command: readonly string[], trace: string): number {
  const traced = ['strace', '-f', '--seccomp-bpf', '-s', '64', '-e', `trace=${TRACED}`, '-o', trace, ...command];
  const args = ['--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...traced];
  return spawnSync('unshare', args, { cwd: ROOT, env: ENV, stdio: 'inherit' }).status ?? 1;
}

interface Verdict {
  readonly foreign: readonly ForeignCall[];
  /** Otherwise nothing is shown of what it reaches. */
  readonly hasInstalledRun: boolean;
}

/** What a trace tells; null if there is none. */
function judge(trace: string): Verdict | null {
  if (!existsSync(trace)) return null;
  const lines = readFileSync(trace, 'utf8').split('\n');
  const hasInstalledRun = lines.some((line) => /execve\("(?:\/opt\/Decklog|\/usr\/bin)\/decklog-window"/.test(line));
  return { foreign: foreignCalls(lines), hasInstalledRun };
}

/** A call to another machine must be seen, or that none was seen means nothing. */
function isWatched(trace: string): boolean {
  runAlone([process.execPath, '-e', `require('net').connect(443, '${NOBODY}').on('error', () => {})`], trace);
  return judge(trace)?.foreign.some(({ call }) => call.includes(NOBODY)) ?? false;
}

/** Tells what was seen; the exit code. */
function tell(verdict: Verdict | null, status: number): number {
  for (const { program, call } of verdict?.foreign ?? []) console.log(`${program}: ${call}`);
  if (verdict === null) console.log('The trace is missing: what was reached is not known.');
  else if (!verdict.hasInstalledRun)
    console.log('The installed program has not run: nothing is shown of what it reaches.');
  else console.log(`With loopback alone: ${verdict.foreign.length} attempts to reach another machine.`);
  return verdict?.foreign.length === 0 ? status : 1;
}

async function main(): Promise<number> {
  // Whatever has to be fetched for the tests is fetched before.
  await oldElectron();
  const folder = mkdtempSync(join(tmpdir(), 'decklog-trace-'));
  const trace = join(folder, 'calls');
  const tests = [process.execPath, VITEST, 'run', '--config', 'vitest.packages.config.ts'];
  try {
    if (!isWatched(trace)) {
      console.warn('Not watched, and not cut off from the network: that wants root, unshare, ip and strace.');
      return spawnSync(tests[0] as string, tests.slice(1), { cwd: ROOT, env: ENV, stdio: 'inherit' }).status ?? 1;
    }
    rmSync(trace);
    const status = runAlone(tests, trace);
    return tell(judge(trace), status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
export const SAMPLES = join(ROOT, 'test', 'fixtures', 'format-samples');
const ENTRY = join(ROOT, 'core', 'cli', 'decklog.mjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Buffer;
}

/** Starts the command line as people do, but for npm. */
export function startDecklog(args: readonly string[], cwd: string = ROOT, env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [ENTRY, ...args], { cwd, env: { ...outsideNpm(), ...env } });
}

/** Runs the command line to its end. */
export async function decklog(args: readonly string[], cwd?: string, env?: NodeJS.ProcessEnv): Promise<Ended> {
  return endOf(startDecklog(args, cwd, env));
}

/** Runs what must go well; its JSON document. */
export async function document(args: readonly string[], cwd?: string): Promise<Record<string, unknown>> {
  const ended = await decklog([...args, '--json'], cwd);
  if (ended.code !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout);
}

export async function endOf(child: ChildProcess): Promise<Ended> {
  const [out, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const bytes = Buffer.concat(out);
  return { code, stdout: bytes.toString(), stderr: Buffer.concat(errors).toString(), bytes };
}

/** Lines of JSON. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function outsideNpm(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD|DECKLOG_|NO_COLOR|FORCE_COLOR)/i.test(name),
  );
  return Object.fromEntries(kept);
}

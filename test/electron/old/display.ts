import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Display {
  /** As `DISPLAY` names it. */
  readonly name: string;
  close(): Promise<void>;
}

/** A display that nobody sees, on a number that is free; null where Xvfb is not installed. */
export async function openDisplay(): Promise<Display | null> {
  // It writes the number to the third descriptor once it takes connections.
  const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise<string | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', () => resolve(null));
    createInterface({ input: child.stdio[3] as Readable }).once('line', resolve);
  });
  return number === null ? null : { name: `:${number}`, close: () => ended(child) };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await end;
}

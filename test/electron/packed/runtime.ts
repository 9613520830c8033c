import { appendFileSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What marks the fuses of an Electron. Those of 12 and later have it; the old one has not. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const WIRE = [1, 8, ...Buffer.from('10110000')];

/**
 * A copy of the old runtime that can be packed: without the app that it brings, and with a wire of fuses behind its binary. It does
 * not look at them: this shows what a package sets, not what that does.
 */
export function packableRuntime(from: string, to: string): string {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  rmSync(join(to, 'resources', 'default_app.asar'), { force: true });
  appendFileSync(join(to, 'electron'), Buffer.concat([Buffer.from(SENTINEL), Buffer.from(WIRE)]));
  return to;
}

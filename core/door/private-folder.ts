import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders that only this account may look into, gone when the server ends. */
export interface PrivateFolder {
  readonly path: string;
  /** Files that calls make ready. */
  readonly out: string;
  /** Files that pages send. */
  readonly uploads: string;
  remove(): void;
}

export function privateFolder(): PrivateFolder {
  const path = mkdtempSync(join(tmpdir(), 'decklog-'));
  chmodSync(path, 0o700);
  const [out, uploads] = [join(path, 'out'), join(path, 'uploads')];
  for (const folder of [out, uploads]) mkdirSync(folder, { mode: 0o700 });
  return { path, out, uploads, remove: () => rmSync(path, { recursive: true, force: true }) };
}

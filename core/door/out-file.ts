import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that a call made ready, or null. */
export async function readOutFile(folder: string, token: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!/^[0-9a-f]{32}$/.test(token)) return null;
  const bytes = await readFile(join(folder, token)).catch(() => null);
  return bytes === null ? null : new Uint8Array(bytes);
}

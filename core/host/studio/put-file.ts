import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CaseError } from '../../fault.ts';

/**
 * Writes a text so that whoever reads the file sees all of the old one or all of the new one, also after a crash. A link that
 * stands there is replaced, never followed. Raises `output/unwritable`.
 */
export function putFile(path: string, text: string, mode: number): void {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    rmSync(beside, { force: true });
    const file = openSync(beside, 'wx', mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CaseError('output/unwritable', `${path} cannot be written: ${why}`, {
      at: { path },
      hint: 'Check the folder, its rights and the room on the disk.',
      cause,
    });
  }
}

import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';

const SUFFIX = '.decklog';
/** Files that SQLite may put beside a case. */
const SIDE_FILES = ['', '-journal', '-wal', '-shm'];

/** Whether something stands at that path. */
export function caseExists(path: string): boolean {
  return existsSync(path);
}

/** Whether we may write to the file at that path; also where there is none, which another message tells better. */
export function isWritable(path: string): boolean {
  if (!existsSync(path)) return true;
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Removes a case that this very process has made. */
export function removeCase(path: string): void {
  for (const suffix of SIDE_FILES) {
    try {
      rmSync(path + suffix, { force: true });
    } catch {
      // Windows keeps a file that is still open: an empty valid case stays then (decision 26).
    }
  }
}

/** The case that an investigation of that path makes: its name with `.decklog`, in the current folder. */
export function defaultCasePath(evidencePath: string): string {
  const name = basename(resolve(evidencePath)) || 'evidence';
  return `${name}${SUFFIX}`;
}

/** The same path, or with the first number that makes it new. */
export function freeCasePath(path: string): string {
  const stem = extname(path) === SUFFIX ? path.slice(0, -SUFFIX.length) : path;
  let free = path;
  for (let number = 2; caseExists(free); number++) free = `${stem}-${number}${SUFFIX}`;
  return free;
}

/** The bundled sample evidence. */
export function samplePath(): string {
  return join(import.meta.dirname, '..', '..', 'sample', 'northwind');
}

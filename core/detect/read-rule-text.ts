import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { SIGMA_LIMITS } from '../sigma/sigma.ts';

/** Bytes that surely hold more characters than a rule text may have. */
const MOST_BYTES = 4 * (SIGMA_LIMITS.textLength + 1);

/**
 * The text of a file of rules. Of one that is too long only as much is read as it takes to refuse it, whatever its length. Raises
 * the system's errors, and an error for what is no file (a pipe would never end).
 */
export function readRuleText(path: string): string {
  const file = openSync(path, 'r');
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw new Error(`${path} is no file`);
    if (status.size <= MOST_BYTES) return readFileSync(file, 'utf8');
    const bytes = Buffer.alloc(MOST_BYTES);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, MOST_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

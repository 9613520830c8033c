import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './decklog.ts';

/** What stands in a golden file; `UPDATE_GOLDEN=1` writes it anew, for review as a change of code. */
export function golden(name: string, actual: string): string {
  const path = join(ROOT, 'test', 'golden', 'cli', name);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  return readFileSync(path, 'utf8');
}

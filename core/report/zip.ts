import { zipSync } from 'fflate';
import type { MadeFile } from '../contract/report.ts';

/** A zip of several files; its entries bear no time. */
export function zipOf(files: readonly MadeFile[]): Uint8Array {
  // fflate writes local time: the first moment that a zip can name, wherever this runs.
  const mtime = new Date(1980, 0, 1);
  return zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, [bytes, { mtime, level: 6 }]])));
}

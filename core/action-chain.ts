import { createHash } from 'node:crypto';

/** What the first action follows. */
export const GENESIS = '0'.repeat(64);

/** The hash of an action: over the hash before and the entry itself. `detail` is the JSON text as it is stored. */
export function chainHash(
  before: string,
  id: number,
  timeUs: number,
  examiner: string,
  name: string,
  detail: string,
): string {
  return createHash('sha256')
    .update(JSON.stringify([before, id, timeUs, examiner, name, detail]))
    .digest('hex');
}

import { visibleLines } from '../text.ts';
import type { Call } from './call.ts';

/**
 * Prints original bytes exactly. On a terminal a person reads them, and they must not drive it: there, and only there,
 * control and bidirectional characters are written out.
 */
export async function showBytes(bytes: Uint8Array, end: string, call: Call): Promise<void> {
  if (call.width === null) {
    await call.out.bytes(bytes);
    if (end !== '') await call.out.machine(end);
  } else await call.out.text(`${visibleLines(new TextDecoder().decode(bytes))}\n`);
}

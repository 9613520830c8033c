import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { CaseError } from '../fault.ts';

/** Why an output could not be written. */
export function unwritable(path: string, cause: unknown): CaseError {
  if (cause instanceof CaseError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CaseError('output/unwritable', `${path} cannot be written: ${why}`, {
    at: { path },
    cause,
    hint: 'Name another place with -o.',
  });
}

/** Writes pieces to a file one by one; nothing stays of one that could not be finished. Returns the bytes written. */
export async function writePieces(path: string, pieces: AsyncIterable<Uint8Array | string>): Promise<number> {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'w');
  } catch (cause) {
    throw unwritable(path, cause);
  }
  try {
    let bytes = 0;
    for await (const piece of pieces) bytes += writeWhole(descriptor, path, piece);
    closeSync(descriptor);
    return bytes;
  } catch (error) {
    closeSync(descriptor);
    rmSync(path, { force: true });
    throw error;
  }
}

function writeWhole(descriptor: number, path: string, piece: Uint8Array | string): number {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  } catch (cause) {
    throw unwritable(path, cause);
  }
  return bytes.length;
}

import { LIMITS } from '../contract/limits.ts';
import type { Block, TextEnd } from './block.ts';
import { Cutter } from './cutter.ts';

export interface CutOptions {
  /** Size at which a block is cut; a longer record makes a longer block. */
  readonly blockBytes?: number;
  readonly signal?: AbortSignal;
  /** Size over which a record is not read (for tests; `LIMITS.recordBytes`). */
  readonly recordBytes?: number;
}

const BLOCK_BYTES = 2 * 1024 * 1024;

/**
 * Cuts the unpacked bytes of a member into blocks of whole records. Streaming, in constant memory: at most a block, or a record
 * up to the size limit. Each block owns its memory and can be transferred. Reads all of `bytes`, also when they turn out to
 * be no text, so that whoever hashes what goes by sees it all.
 */
export async function* cutBlocks(
  bytes: AsyncIterable<Buffer>,
  options: CutOptions = {},
): AsyncGenerator<Block, TextEnd> {
  const cutter = new Cutter(options.blockBytes ?? BLOCK_BYTES, options.recordBytes ?? LIMITS.recordBytes);
  for await (const chunk of bytes) {
    options.signal?.throwIfAborted();
    yield* cutter.push(chunk);
  }
  options.signal?.throwIfAborted();
  yield* cutter.finish();
  return cutter.end;
}

import type { Block, ReadEvent, Shape } from '../ingest/block.ts';
import { readBlock } from '../ingest/read-block.ts';
import type { RecordPlace } from '../store/import-writer.ts';

/** Reads one record of a stored block again, by the same road as the import; null if it holds no such event any more. */
export function readPlace({ block, start, length, inner }: RecordPlace): ReadEvent | null {
  const bytes = new Uint8Array(block.bytes.subarray(start, start + length));
  const alone: Block = { offset: block.offset + start, bytes, shape: JSON.parse(block.shape) as Shape };
  let found: ReadEvent | null = null;
  readBlock(alone, {
    event(read) {
      if (found === null && read.inner === inner) found = read;
    },
    skipped() {},
    malformed() {},
    nearMiss() {},
    limit() {},
  });
  return found;
}

/** The record's bytes as they stand in the unpacked member. */
export function recordBytes({ block, start, length }: RecordPlace): Uint8Array {
  return block.bytes.subarray(start, start + length);
}

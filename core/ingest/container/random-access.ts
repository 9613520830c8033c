import { ByteReader } from './byte-reader.ts';
import { CHUNK_BYTES } from './layer.ts';

/** Bytes that can be read from any offset; fewer than asked for only at the end. */
export interface RandomAccess {
  readonly size: number;
  readAt(offset: number, length: number): Promise<Buffer>;
}

/** Reads a stretch in order, and once more where a layer needs a second look. */
export function readStretch(access: RandomAccess, start: number, length: number): ByteReader {
  const end = Math.min(access.size, start + length);
  const again = (offset: number) => iterate(access, start + offset, end);
  return new ByteReader(again(0), again);
}

async function* iterate(access: RandomAccess, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const bytes = await access.readAt(at, Math.min(CHUNK_BYTES / 2, end - at));
    if (bytes.length === 0) return;
    at += bytes.length;
    yield bytes;
  }
}

import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** A block as the case keeps it, unpacked. `shape` is JSON that core/ingest understands. */
export interface StoredBlock {
  readonly id: number;
  readonly evidence: number;
  readonly offset: number;
  readonly shape: string;
  readonly bytes: Buffer;
}

/** A row of `block`. */
export type PackedBlock = Omit<StoredBlock, 'bytes'> & { readonly data: Buffer; readonly length: number };

export const PACKED_BLOCK = 'SELECT id, evidence, offset, shape, length, data FROM block WHERE id = ?';

const unpackAside = promisify(zlib.zstdDecompress);
/** What a forged length may ask for at most. */
const MOST_AT_ONCE = 2 ** 27;

/** Unpacks a block on this thread. */
export function unpackNow({ data, length, ...row }: PackedBlock): StoredBlock {
  return { ...row, bytes: data.length === 0 ? data : zlib.zstdDecompressSync(data, sizeFor(length)) };
}

/** Unpacks a block beside this thread. */
export async function unpack({ data, length, ...row }: PackedBlock): Promise<StoredBlock> {
  return { ...row, bytes: data.length === 0 ? data : await unpackAside(data, sizeFor(length)) };
}

/** Room for all of it at once: Node gathers pieces of 16 KiB otherwise, which costs more than unpacking. */
function sizeFor(length: number): { readonly chunkSize: number } {
  return { chunkSize: Math.min(MOST_AT_ONCE, Math.max(64, length + 1)) };
}

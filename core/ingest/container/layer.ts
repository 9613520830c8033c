import type { ByteReader } from './byte-reader.ts';

/** What a compression layer tells while it is being unpacked. */
export interface Layer {
  /** Packed bytes that have gone into what was yielded so far: what the ratio is measured against. */
  consumed: number;
  /** Unpacked size that the archive claims, if it does: a hint for memory, nothing relies on it. */
  claimedBytes?: number;
  warn(text: string): void;
}

/** Unpacks one layer, all its members or frames. Throws `Damage` where the bytes end or contradict the format. */
export type Unpack = (input: ByteReader, layer: Layer) => AsyncGenerator<Buffer>;

/** Size of what the layers hand on: Node's zlib loses a third of its speed with chunks of 64 KiB. */
export const CHUNK_BYTES = 512 * 1024;

/** Least memory for unpacked bytes, however few are claimed: a false claim costs time only. */
const LEAST_CHUNK_BYTES = 16 * 1024;

/** Size of the chunks in which a layer is unpacked: an archive may hold a hundred thousand small members. */
export function chunkBytesFor({ claimedBytes = CHUNK_BYTES }: Layer): number {
  return Math.min(CHUNK_BYTES, Math.max(LEAST_CHUNK_BYTES, claimedBytes + 64));
}

/** Passes over what follows the last member: NUL padding is legal everywhere, anything else is said. */
export async function passTrailer(input: ByteReader, layer: Layer, name: string): Promise<void> {
  let padding = 0;
  for (let bytes = await input.next(); bytes !== null; bytes = await input.next()) {
    const first = bytes.findIndex((byte) => byte !== 0);
    if (first >= 0) {
      const start = input.offset - bytes.length + first;
      const length = bytes.length - first + (await input.skip(Number.POSITIVE_INFINITY));
      layer.warn(`trailing garbage after ${name} stream: ${length} bytes at ${start}`);
      return;
    }
    padding += bytes.length;
  }
  layer.consumed += padding;
}

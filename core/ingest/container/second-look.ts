import type { ByteReader } from './byte-reader.ts';

/** Packed bytes kept for a second look after damage, unless they can be read again from where they came. */
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * The packed bytes that an engine was given. An engine that fails loses what its last step had made, so the stream is
 * unpacked once more in smaller steps, from here: kept bytes, or the file again.
 */
export class SecondLook {
  readonly #input: ByteReader;
  readonly #start: number;
  #chunks: Buffer[] | null = [];
  #size = 0;

  constructor(input: ByteReader) {
    this.#input = input;
    this.#start = input.offset;
  }

  keep(bytes: Buffer | null): Buffer | null {
    if (bytes === null || this.#chunks === null) return bytes;
    this.#size += bytes.length;
    if (this.#size > KEPT_BYTES) this.#chunks = null;
    else this.#chunks.push(bytes);
    return bytes;
  }

  /** All packed bytes from the start of the stream; undefined where they are gone. */
  packed(): AsyncIterable<Buffer> | undefined {
    return this.#chunks === null ? this.#input.again?.(this.#start) : iterate(this.#chunks);
  }
}

async function* iterate(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

/** The stream without its first `length` bytes. */
export async function* behind(chunks: AsyncIterable<Buffer>, length: number): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const bytes of chunks) {
    const fresh = bytes.subarray(Math.max(0, length - seen));
    seen += bytes.length;
    if (fresh.length > 0) yield fresh;
  }
}

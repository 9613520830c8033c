import type { ByteReader } from './byte-reader.ts';
import { CutOff, Damage } from './damage.ts';

/** Frame and block headers: RFC 8878, 3.1. */
const MAGIC = 0xfd2fb528;
const WINDOW_CAP = 128 * 1024 * 1024;
const MOST_BLOCK_BYTES = 128 * 1024;
export const WINDOW_LOG_CAP = Math.log2(WINDOW_CAP);

const CHECKSUM_BYTES = 4;

/** Parts of a frame that are handed over together at most, and from which size on no further one is added. */
const HAND_PARTS = 64;
const HAND_BYTES = 16 * 1024;

/** Cuts zstd frames into portions that never hold the end of one frame together with the start of the next. */
export class FrameWalk {
  readonly #input: ByteReader;
  readonly #isCareful: boolean;
  #at: 'between' | 'blocks' | 'checksum' = 'between';
  #hasChecksum = false;

  /** With `isCareful` each part is handed over alone. */
  constructor(input: ByteReader, isCareful: boolean) {
    this.#input = input;
    this.#isCareful = isCareful;
  }

  /** Parts of one frame, each of them whole; null when there is no further frame. */
  async next(): Promise<Buffer | null> {
    const first = await this.#takePart();
    if (first === null || this.#isCareful) return first;
    const parts = [first];
    let size = first.length;
    // What was gathered goes out before a fault, which is met again at the next call.
    while (this.#at !== 'between' && parts.length < HAND_PARTS && size < HAND_BYTES && (await this.#isPartWhole())) {
      const part = await this.#takePart();
      if (part === null) break;
      parts.push(part);
      size += part.length;
    }
    return Buffer.concat(parts);
  }

  /** A frame's header, one block, or the checksum. */
  async #takePart(): Promise<Buffer | null> {
    if (this.#at === 'between') return this.#openFrame();
    return this.#at === 'blocks' ? this.#takeBlock() : this.#takeChecksum();
  }

  async #isPartWhole(): Promise<boolean> {
    try {
      const length = this.#at === 'blocks' ? (await this.#measureBlock()).length : CHECKSUM_BYTES;
      return (await this.#input.peek(length)).length === length;
    } catch (error) {
      if (error instanceof Damage) return false;
      throw error;
    }
  }

  async #openFrame(): Promise<Buffer | null> {
    await passSkippable(this.#input);
    const start = await this.#input.peek(18);
    if (start.length < 4 || start.readUInt32LE() !== MAGIC) return null;
    const header = measureHeader(start);
    if (header.windowBytes > WINDOW_CAP) {
      const size = Math.ceil(header.windowBytes / 2 ** 20);
      throw new Damage(`zstd window of ${size} MiB is above the limit of 128 MiB`);
    }
    this.#at = 'blocks';
    this.#hasChecksum = header.hasChecksum;
    return this.#input.take(header.length);
  }

  async #takeBlock(): Promise<Buffer> {
    const { length, isLast } = await this.#measureBlock();
    const block = await this.#input.take(length);
    if (block.length < length) throw new CutOff('zstd');
    if (isLast) this.#at = this.#hasChecksum ? 'checksum' : 'between';
    return block;
  }

  async #measureBlock(): Promise<{ length: number; isLast: boolean }> {
    const header = await this.#input.peek(3);
    if (header.length < 3) throw new CutOff('zstd');
    const bits = header.readUIntLE(0, 3);
    const isRepeated = ((bits >> 1) & 3) === 1;
    const size = isRepeated ? 1 : bits >> 3;
    if (size > MOST_BLOCK_BYTES) throw new Damage('damaged zstd stream (block size)');
    return { length: 3 + size, isLast: (bits & 1) === 1 };
  }

  async #takeChecksum(): Promise<Buffer> {
    const checksum = await this.#input.take(CHECKSUM_BYTES);
    if (checksum.length < CHECKSUM_BYTES) throw new CutOff('zstd');
    this.#at = 'between';
    return checksum;
  }
}

async function passSkippable(input: ByteReader): Promise<void> {
  for (let start = await input.peek(8); isSkippable(start); start = await input.peek(8)) {
    if (start.length < 8) throw new CutOff('zstd');
    const length = 8 + start.readUInt32LE(4);
    if ((await input.skip(length)) < length) throw new CutOff('zstd');
  }
}

function isSkippable(start: Buffer): boolean {
  return start.length >= 4 && start.readUInt32LE() >>> 4 === 0x184d2a5;
}

interface FrameHeader {
  readonly length: number;
  readonly windowBytes: number;
  readonly hasChecksum: boolean;
}

function measureHeader(start: Buffer): FrameHeader {
  const descriptor = start[4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? (isSingle ? 1 : 0) : 1 << sizeFlag;
  const sizeAt = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  if (start.length < sizeAt + sizeBytes) throw new CutOff('zstd');
  const windowBytes = isSingle ? readSize(start, sizeAt, sizeBytes) : windowOf(start[5]!);
  return { length: sizeAt + sizeBytes, windowBytes, hasChecksum: (descriptor & 4) !== 0 };
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readSize(start: Buffer, at: number, length: number): number {
  if (length === 8) return Number(start.readBigUInt64LE(at));
  return start.readUIntLE(at, length) + (length === 2 ? 256 : 0);
}

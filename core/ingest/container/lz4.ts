import type { ByteReader } from './byte-reader.ts';
import { CutOff, Damage } from './damage.ts';
import { CHUNK_BYTES, type Layer, passTrailer } from './layer.ts';
import { Ring } from './ring.ts';
import { XxHash32 } from './xxhash.ts';

/** LZ4 frame format 1.6. */
const MAGIC = 0x184d2204;
const LEGACY_MAGIC = 0x184c2102;
const LEGACY_BLOCK_BYTES = 8 * 1024 * 1024;
const WINDOW_BYTES = 64 * 1024;
const STORED = 0x80000000;

/** Unpacks lz4: all frames, the legacy ones too, skippable frames passed over. */
export async function* unlz4(input: ByteReader, layer: Layer): AsyncGenerator<Buffer> {
  const ring = new Ring(WINDOW_BYTES);
  for (let magic = await peekMagic(input); magic !== null; magic = await peekMagic(input)) {
    if (magic >>> 4 === 0x184d2a5) await passSkippable(input);
    else if (magic === LEGACY_MAGIC) yield* unpackLegacy(input, layer, ring);
    else if (magic === MAGIC) yield* unpackFrame(input, layer, ring);
    else break;
    layer.consumed = input.offset;
  }
  await passTrailer(input, layer, 'lz4');
}

async function peekMagic(input: ByteReader): Promise<number | null> {
  const magic = await input.peek(4);
  return magic.length < 4 ? null : magic.readUInt32LE();
}

async function passSkippable(input: ByteReader): Promise<void> {
  const length = (await need(input, 8)).readUInt32LE(4);
  if ((await input.skip(length)) < length) throw new CutOff('lz4');
}

interface FrameInfo {
  readonly areLinked: boolean;
  readonly haveChecksums: boolean;
  readonly hasContentChecksum: boolean;
  readonly mostBlockBytes: number;
}

async function* unpackFrame(input: ByteReader, layer: Layer, ring: Ring): AsyncGenerator<Buffer> {
  const info = await readFrameHeader(input);
  ring.reset();
  const hash = new XxHash32();
  while (true) {
    const size = (await need(input, 4)).readUInt32LE();
    if (size === 0) break;
    if (!info.areLinked) ring.reset();
    if ((size & ~STORED) > info.mostBlockBytes) throw new Damage('damaged lz4 stream (block size)');
    for await (const bytes of unpackBlock(input, size, ring, info.mostBlockBytes)) {
      hash.update(bytes);
      layer.consumed = input.offset;
      yield bytes;
    }
    if (info.haveChecksums) await need(input, 4);
  }
  if (!info.hasContentChecksum) return;
  const stated = (await need(input, 4)).readUInt32LE();
  if (stated !== hash.digest()) layer.warn(`checksum of lz4 frame before byte ${input.offset} does not match`);
}

async function readFrameHeader(input: ByteReader): Promise<FrameInfo> {
  const start = await need(input, 6);
  const flags = start[4]!;
  const rest = await need(input, (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0) + 1);
  const hash = new XxHash32();
  hash.update(Buffer.concat([start.subarray(4), rest.subarray(0, -1)]));
  const blockCode = (start[5]! >> 4) & 7;
  const isSound = flags >> 6 === 1 && blockCode >= 4 && ((hash.digest() >>> 8) & 0xff) === rest.at(-1);
  if (!isSound) throw new Damage('damaged lz4 header');
  if (flags & 1) throw new Damage('lz4 frame needs a dictionary');
  return {
    areLinked: (flags & 0x20) === 0,
    haveChecksums: (flags & 0x10) !== 0,
    hasContentChecksum: (flags & 4) !== 0,
    mostBlockBytes: 1 << (8 + 2 * blockCode),
  };
}

async function* unpackLegacy(input: ByteReader, layer: Layer, ring: Ring): AsyncGenerator<Buffer> {
  await need(input, 4);
  while (true) {
    const start = await input.peek(4);
    if (start.length === 0) return;
    if (start.length < 4) throw new CutOff('lz4');
    const size = start.readUInt32LE();
    // A legacy frame has no end mark: what cannot be the size of a block is the next frame, or no part of this one.
    if (size === 0 || size > LEGACY_BLOCK_BYTES + LEGACY_BLOCK_BYTES / 255 + 16) return;
    await input.skip(4);
    ring.reset();
    for await (const bytes of unpackBlock(input, size, ring, LEGACY_BLOCK_BYTES)) {
      layer.consumed = input.offset;
      yield bytes;
    }
  }
}

/** A block that is cut off still gives the sequences that are whole. */
async function* unpackBlock(input: ByteReader, sizeAndFlag: number, ring: Ring, most: number): AsyncGenerator<Buffer> {
  const size = sizeAndFlag & ~STORED;
  const packed = await input.take(size);
  if ((sizeAndFlag & STORED) !== 0) {
    ring.putAll(packed);
  } else {
    const cursor = { at: 0, room: most };
    try {
      while (cursor.at < packed.length) {
        unpackSequences(packed, cursor, ring);
        if (ring.waiting >= CHUNK_BYTES) yield ring.takeAll();
      }
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      if (ring.waiting > 0) yield ring.takeAll();
      throw packed.length < size ? new CutOff('lz4') : error;
    }
  }
  if (ring.waiting > 0) yield ring.takeAll();
  if (packed.length < size) throw new CutOff('lz4');
}

/** Unpacks sequences until about a chunk is ready or the block ends. */
function unpackSequences(packed: Buffer, cursor: { at: number; room: number }, ring: Ring): void {
  for (let made = 0; cursor.at < packed.length && made < CHUNK_BYTES; ) {
    const token = packed[cursor.at++]!;
    const literals = readLength(packed, cursor, token >> 4);
    const end = cursor.at + literals;
    ring.putAll(packed.subarray(cursor.at, end));
    cursor.at = end;
    if (end > packed.length) throw new Damage('damaged lz4 stream (literals)');
    if (end === packed.length) return;
    if (end + 2 > packed.length) throw new Damage('damaged lz4 stream (match)');
    const distance = packed.readUInt16LE(end);
    cursor.at += 2;
    const length = readLength(packed, cursor, token & 15) + 4;
    cursor.room -= literals + length;
    if (cursor.room < 0) throw new Damage('damaged lz4 stream (block too long)');
    if (!ring.reaches(distance)) throw new Damage('damaged lz4 stream (distance)');
    ring.copy(distance, length);
    made += literals + length;
  }
}

function readLength(packed: Buffer, cursor: { at: number; room: number }, start: number): number {
  if (start < 15) return start;
  for (let length = start; ; ) {
    const byte = packed[cursor.at++];
    if (byte === undefined) throw new Damage('damaged lz4 stream (length)');
    length += byte;
    if (byte < 255) return length;
  }
}

async function need(input: ByteReader, length: number): Promise<Buffer> {
  const bytes = await input.take(length);
  if (bytes.length < length) throw new CutOff('lz4');
  return bytes;
}

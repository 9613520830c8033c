import { constants, crc32, type InflateRaw, inflateRawSync } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { CutOff, Damage } from './damage.ts';
import { inflateRaw } from './inflate.ts';
import { type Layer, passTrailer } from './layer.ts';

/** Header flags and the trailer are those of RFC 1952. */
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;
const TRAILER_BYTES = 8;
const LONGEST_TEXT = 64 * 1024;

/** A member of at most this size is inflated in one call: Firehose joins thousands of them in one object. */
const SMALL_BYTES = 64 * 1024;

/** What the trailer of a member states, as counted. */
interface Sum {
  crc: number;
  bytes: number;
}

/** Unpacks gzip: all members, NUL padding between and behind them, and a word about any other bytes behind the last. */
export async function* gunzip(input: ByteReader, layer: Layer): AsyncGenerator<Buffer> {
  let lastSize = Number.POSITIVE_INFINITY;
  do {
    const start = input.offset;
    await passHeader(input);
    layer.consumed = input.offset;
    const sum: Sum = { crc: 0, bytes: 0 };
    const whole = lastSize <= SMALL_BYTES ? await inflateSmall(input) : null;
    for await (const bytes of whole ?? inflateRaw(input, layer)) {
      sum.crc = crc32(bytes, sum.crc);
      sum.bytes += bytes.length;
      yield bytes;
    }
    await checkTrailer(input, layer, sum, start);
    layer.consumed = input.offset;
    lastSize = sum.bytes;
  } while (await isMemberNext(input));
  await passTrailer(input, layer, 'gzip');
}

async function passHeader(input: ByteReader): Promise<void> {
  const header = await need(input, 10);
  const flags = header[3]!;
  if (header[0] !== 0x1f || header[1] !== 0x8b || header[2] !== 8 || (flags & 0xe0) !== 0) {
    throw new Damage('damaged gzip header');
  }
  if (flags & FLAG.extra) await need(input, (await need(input, 2)).readUInt16LE());
  if (flags & FLAG.name) await passText(input);
  if (flags & FLAG.comment) await passText(input);
  if (flags & FLAG.headerCrc) await need(input, 2);
}

async function passText(input: ByteReader): Promise<void> {
  const text = await input.peek(LONGEST_TEXT);
  const end = text.indexOf(0);
  if (end < 0) throw text.length < LONGEST_TEXT ? new CutOff('gzip') : new Damage('damaged gzip header');
  await input.skip(end + 1);
}

async function need(input: ByteReader, length: number): Promise<Buffer> {
  const bytes = await input.take(length);
  if (bytes.length < length) throw new CutOff('gzip');
  return bytes;
}

/** Null where the member is not small, or damaged: then the stream decides. */
async function inflateSmall(input: ByteReader): Promise<Buffer[] | null> {
  const packed = await input.peek(SMALL_BYTES);
  try {
    // With `info` the answer carries the engine, which @types/node does not say.
    const { buffer, engine } = inflateRawSync(packed, {
      info: true,
      maxOutputLength: SMALL_BYTES,
      finishFlush: constants.Z_SYNC_FLUSH,
    }) as unknown as { buffer: Buffer; engine: InflateRaw };
    if (engine.bytesWritten >= packed.length) return null;
    await input.skip(engine.bytesWritten);
    return [buffer];
  } catch {
    return null;
  }
}

async function checkTrailer(input: ByteReader, layer: Layer, sum: Sum, start: number): Promise<void> {
  const trailer = await need(input, TRAILER_BYTES);
  if (trailer.readUInt32LE(0) !== sum.crc || trailer.readUInt32LE(4) !== sum.bytes % 2 ** 32) {
    layer.warn(`checksum of gzip member at byte ${start} does not match its ${sum.bytes} bytes`);
  }
}

/** Is there another member, perhaps behind NUL padding? What is not one is left for `passTrailer`. */
async function isMemberNext(input: ByteReader): Promise<boolean> {
  for (let start = await input.peek(2); start[0] === 0; start = await input.peek(2)) {
    const bytes = await input.peek(SMALL_BYTES);
    const end = bytes.findIndex((byte) => byte !== 0);
    await input.skip(end < 0 ? bytes.length : end);
  }
  const magic = await input.peek(3);
  return magic[0] === 0x1f && magic[1] === 0x8b && (magic[2] === 8 || magic.length < 3);
}

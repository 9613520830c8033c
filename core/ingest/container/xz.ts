import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { Crc64 } from './crc64.ts';
import { CutOff, Damage } from './damage.ts';
import { CHUNK_BYTES, type Layer, passTrailer } from './layer.ts';
import { LzmaDecoder } from './lzma.ts';
import { Ring } from './ring.ts';

const MAGIC = Buffer.from('fd377a585a00', 'hex');
const LZMA2 = 0x21;
const DICTIONARY_CAP = 128 * 1024 * 1024;
/** Bytes of each kind of check (xz format 1.2, 2.1.1.2). */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** Unpacks xz: all blocks of all streams, with padding between them. */
export async function* unxz(input: ByteReader, layer: Layer): AsyncGenerator<Buffer> {
  const window: Window = { ring: null };
  do {
    const checkKind = await openStream(input);
    for (let block = await nextBlock(input); block !== null; block = await nextBlock(input)) {
      yield* unpackBlock(input, layer, takeRing(window, block), checkKind);
    }
    layer.consumed = input.offset;
  } while (await isStreamNext(input));
  await passTrailer(input, layer, 'xz');
}

async function openStream(input: ByteReader): Promise<number> {
  const header = await need(input, 12);
  const flags = header.subarray(6, 8);
  const isSound = header.subarray(0, 6).equals(MAGIC) && flags[0] === 0 && flags[1]! < 16;
  if (!isSound || crc32(flags) !== header.readUInt32LE(8)) throw new Damage('damaged xz header');
  return flags[1]!;
}

/** Padding comes in steps of four NUL. */
async function isStreamNext(input: ByteReader): Promise<boolean> {
  while (true) {
    const start = await input.peek(6);
    if (start.equals(MAGIC)) return true;
    if (start.length < 4 || start.readUInt32LE() !== 0) return false;
    await input.skip(4);
  }
}

/** The window of the last block, used again where the next one is of the same size: it can be many megabytes. */
interface Window {
  ring: Ring | null;
}

function takeRing(window: Window, { dictionaryBytes }: BlockInfo): Ring {
  if (window.ring?.size !== dictionaryBytes) window.ring = new Ring(dictionaryBytes);
  window.ring.reset();
  return window.ring;
}

interface BlockInfo {
  readonly dictionaryBytes: number;
}

/** The next block's header; behind the last block the index and the footer are read, and then it is null. */
async function nextBlock(input: ByteReader): Promise<BlockInfo | null> {
  const first = (await input.peek(1))[0];
  if (first === undefined) throw new CutOff('xz');
  if (first === 0) {
    await passIndex(input);
    return null;
  }
  const header = await need(input, (first + 1) * 4);
  if (crc32(header.subarray(0, -4)) !== header.readUInt32LE(header.length - 4))
    throw new Damage('damaged xz block header');
  return parseBlockHeader(header);
}

function parseBlockHeader(header: Buffer): BlockInfo {
  const flags = header[1]!;
  const cursor = { at: 2 };
  if (flags & 0x40) readVarint(header, cursor);
  if (flags & 0x80) readVarint(header, cursor);
  const filter = readVarint(header, cursor);
  const propertyBytes = readVarint(header, cursor);
  if ((flags & 3) !== 0 || filter !== LZMA2 || propertyBytes !== 1)
    throw new Damage('xz block with a filter that is not supported');
  const dictionaryBytes = dictionarySize(header[cursor.at]!);
  if (dictionaryBytes > DICTIONARY_CAP) {
    throw new Damage(`xz dictionary of ${Math.ceil(dictionaryBytes / 2 ** 20)} MiB is above the limit of 128 MiB`);
  }
  return { dictionaryBytes };
}

function dictionarySize(code: number): number {
  if (code > 40) throw new Damage('damaged xz block header');
  return code === 40 ? 2 ** 32 : (2 | (code & 1)) * 2 ** (Math.floor(code / 2) + 11);
}

function readVarint(bytes: Buffer, cursor: { at: number }): number {
  let value = 0;
  for (let shift = 0; shift < 63; shift += 7) {
    const byte = bytes[cursor.at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new Damage('damaged xz number');
}

async function* unpackBlock(input: ByteReader, layer: Layer, ring: Ring, checkKind: number): AsyncGenerator<Buffer> {
  const check = makeCheck(checkKind);
  const start = input.offset;
  for await (const bytes of unpackChunks(input, ring)) {
    check?.update(bytes);
    layer.consumed = input.offset;
    yield bytes;
  }
  await need(input, (4 - ((input.offset - start) % 4)) % 4);
  const stated = await need(input, CHECK_BYTES[checkKind]!);
  if (check && !check.digest().equals(stated)) {
    layer.warn(`checksum of xz block before byte ${input.offset} does not match`);
  }
}

/** The chunks of LZMA2: a control byte says what is reset and whether the chunk is packed. */
async function* unpackChunks(input: ByteReader, ring: Ring): AsyncGenerator<Buffer> {
  const decoder = new LzmaDecoder(ring);
  try {
    for (let control = await readByte(input); control !== 0; control = await readByte(input)) {
      if (control >= 0x80) await unpackChunk(input, control, decoder, ring);
      else await copyChunk(input, control, decoder, ring);
      if (ring.waiting >= CHUNK_BYTES) yield ring.takeAll();
    }
  } catch (error) {
    if (ring.waiting > 0) yield ring.takeAll();
    throw error;
  }
  if (ring.waiting > 0) yield ring.takeAll();
}

async function unpackChunk(input: ByteReader, control: number, decoder: LzmaDecoder, ring: Ring): Promise<void> {
  const header = await need(input, 4);
  const unpackedSize = ((control & 0x1f) << 16) + header.readUInt16BE(0) + 1;
  const packedSize = header.readUInt16BE(2) + 1;
  const reset = (control >> 5) & 3;
  if (reset === 3) {
    ring.reset();
    decoder.resetPosition();
  }
  if (reset >= 2) decoder.setProperties(await readByte(input));
  if (reset >= 1) decoder.resetState();
  decoder.decode(await input.take(packedSize), unpackedSize);
}

async function copyChunk(input: ByteReader, control: number, decoder: LzmaDecoder, ring: Ring): Promise<void> {
  if (control > 2) throw new Damage('damaged xz stream (chunk)');
  const size = (await need(input, 2)).readUInt16BE() + 1;
  if (control === 1) {
    ring.reset();
    decoder.resetPosition();
  }
  const bytes = await input.take(size);
  ring.putAll(bytes);
  decoder.passPlain(bytes.length);
  if (bytes.length < size) throw new CutOff('xz');
}

async function readByte(input: ByteReader): Promise<number> {
  return (await need(input, 1))[0]!;
}

/** The index repeats the sizes of the blocks, which were counted; it is passed over, and then the footer. */
async function passIndex(input: ByteReader): Promise<void> {
  const start = input.offset;
  await need(input, 1);
  const records = await readVarintFrom(input);
  for (let index = 0; index < 2 * records; index++) await readVarintFrom(input);
  await need(input, (4 - ((input.offset - start) % 4)) % 4);
  await need(input, 4);
  const footer = await need(input, 12);
  if (footer.toString('latin1', 10) !== 'YZ') throw new Damage('damaged xz footer');
}

async function readVarintFrom(input: ByteReader): Promise<number> {
  const bytes = await input.peek(9);
  const cursor = { at: 0 };
  const value = readVarint(bytes, cursor);
  if (cursor.at > bytes.length) throw new CutOff('xz');
  await input.skip(cursor.at);
  return value;
}

function makeCheck(kind: number): { update(bytes: Buffer): void; digest(): Buffer } | null {
  if (kind === 1) return new Crc32();
  if (kind === 4) return new Crc64();
  if (kind !== 10) return null;
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

class Crc32 {
  #value = 0;

  update(bytes: Buffer): void {
    this.#value = crc32(bytes, this.#value);
  }

  digest(): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(this.#value);
    return bytes;
  }
}

async function need(input: ByteReader, length: number): Promise<Buffer> {
  const bytes = await input.take(length);
  if (bytes.length < length) throw new CutOff('xz');
  return bytes;
}

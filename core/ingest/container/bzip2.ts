import { HighBitReader } from './bit-reader.ts';
import type { ByteReader } from './byte-reader.ts';
import { CutOff, Damage } from './damage.ts';
import { CHUNK_BYTES, type Layer, passTrailer } from './layer.ts';
import { buildPrefixCode, type PrefixCode } from './prefix-code.ts';

const BLOCK_MAGIC = 0x314159;
const END_MAGIC = 0x177245;
const GROUP_SYMBOLS = 50;
/** What a group of symbols, and what a block's header needs at most. */
const GROUP_BYTES = 128;
const HEADER_BYTES = 24 * 1024;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** Unpacks bzip2, all its streams, block by block: a block that is cut off gives nothing, those before it everything. */
export async function* bunzip2(input: ByteReader, layer: Layer): AsyncGenerator<Buffer> {
  const workshop: Workshop = { links: new Uint32Array(0) };
  do {
    const stream = new Bzip2Stream(input, await openStream(input), workshop);
    for (let block = await stream.nextBlock(); block !== null; block = await stream.nextBlock()) {
      layer.consumed = stream.offset;
      yield* spread(block);
      if (block.isDamaged()) layer.warn(`checksum of bzip2 block before byte ${layer.consumed} does not match`);
    }
    stream.giveBack();
    layer.consumed = input.offset;
  } while ((await input.peek(4)).toString('latin1').match(/^BZh[1-9]/));
  await passTrailer(input, layer, 'bzip2');
}

async function openStream(input: ByteReader): Promise<number> {
  const header = await input.take(4);
  if (header.length < 4) throw new CutOff('bzip2');
  const level = header[3]! - 0x30;
  if (header.toString('latin1', 0, 3) !== 'BZh' || level < 1 || level > 9) throw new Damage('damaged bzip2 header');
  return level;
}

/** A block's text before the last run-length step is undone. */
interface Block {
  readonly text: RunReader;
  isDamaged(): boolean;
}

function* spread({ text }: Block): Generator<Buffer> {
  for (let bytes = text.next(); bytes !== null; bytes = text.next()) yield bytes;
}

/** The array that a block is undone in: 3.6 MB, so made when the first block comes and kept for all streams. */
interface Workshop {
  links: Uint32Array;
}

class Bzip2Stream {
  readonly #bits: HighBitReader;
  readonly #sizeLimit: number;
  readonly #workshop: Workshop;

  constructor(input: ByteReader, level: number, workshop: Workshop) {
    this.#bits = new HighBitReader(input, 'bzip2');
    this.#sizeLimit = level * 100_000;
    this.#workshop = workshop;
  }

  get #links(): Uint32Array {
    return this.#workshop.links;
  }

  get offset(): number {
    return this.#bits.offset;
  }

  giveBack(): void {
    this.#bits.giveBack();
  }

  /** Null behind the last block. */
  async nextBlock(): Promise<Block | null> {
    await this.#bits.ensure(HEADER_BYTES);
    const magic = [this.#bits.bits(24), this.#bits.bits(24)];
    const crc = (this.#bits.bits(16) << 16) | this.#bits.bits(16);
    if (magic[0] === END_MAGIC && magic[1] === 0x385090) {
      this.#bits.alignToByte();
      return null;
    }
    if (magic[0] !== BLOCK_MAGIC || magic[1] !== 0x265359) throw new Damage('damaged bzip2 stream (block header)');
    const isRandomised = this.#bits.bits(1) === 1;
    if (isRandomised) throw new Damage('bzip2 block of a version before 0.9.5');
    const origin = this.#bits.bits(24);
    if (this.#links.length < this.#sizeLimit) this.#workshop.links = new Uint32Array(this.#sizeLimit);
    const length = await this.#decodeSymbols();
    if (origin >= length) throw new Damage('damaged bzip2 stream (origin)');
    const text = new RunReader(this.#links, origin, length);
    return { text, isDamaged: () => text.crc !== crc };
  }

  /** Fills `links` with the sorted characters and, above them, the chain that leads through the text; returns their number. */
  async #decodeSymbols(): Promise<number> {
    const used = this.#readUsed();
    const groupCount = this.#bits.bits(3);
    const selectorCount = this.#bits.bits(15);
    if (used.length === 0 || groupCount < 2 || groupCount > 6 || selectorCount === 0) {
      throw new Damage('damaged bzip2 stream (codes)');
    }
    const selectors = this.#readSelectors(selectorCount, groupCount);
    const codes = Array.from({ length: groupCount }, () => this.#readCode(used.length + 2));
    const counts = new Uint32Array(256);
    const length = await this.#undoMoves(used, selectors, codes, counts);
    linkUp(this.#links, counts, length);
    return length;
  }

  #readUsed(): number[] {
    const rows = this.#bits.bits(16);
    const used: number[] = [];
    for (let row = 0; row < 16; row++) {
      if ((rows & (0x8000 >> row)) === 0) continue;
      const columns = this.#bits.bits(16);
      for (let column = 0; column < 16; column++) if (columns & (0x8000 >> column)) used.push(row * 16 + column);
    }
    return used;
  }

  #readSelectors(count: number, groupCount: number): Uint8Array {
    const order = Array.from({ length: groupCount }, (_, index) => index);
    const selectors = new Uint8Array(count);
    for (let index = 0; index < count; index++) {
      let steps = 0;
      while (this.#bits.bits(1) === 1) if (++steps >= groupCount) throw new Damage('damaged bzip2 stream (selectors)');
      order.unshift(...order.splice(steps, 1));
      selectors[index] = order[0]!;
    }
    return selectors;
  }

  #readCode(symbolCount: number): PrefixCode {
    const lengths = new Uint8Array(symbolCount);
    let length = this.#bits.bits(5);
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      while (true) {
        if (length < 1 || length > 20) throw new Damage('damaged bzip2 stream (code length)');
        if (this.#bits.bits(1) === 0) break;
        length += this.#bits.bits(1) === 0 ? 1 : -1;
      }
      lengths[symbol] = length;
    }
    return buildPrefixCode(lengths, 'high-first');
  }

  /** Undoes the prefix codes, the run lengths of the front character and the moves to the front. */
  async #undoMoves(
    used: readonly number[],
    selectors: Uint8Array,
    codes: readonly PrefixCode[],
    counts: Uint32Array,
  ): Promise<number> {
    const order = Uint8Array.from(used);
    const links = this.#links;
    const endSymbol = used.length + 1;
    const run = { length: 0, unit: 1 };
    let at = 0;
    for (const selector of selectors) {
      await this.#bits.ensure(GROUP_BYTES);
      const code = codes[selector]!;
      for (let index = 0; index < GROUP_SYMBOLS; index++) {
        const symbol = this.#symbol(code);
        if (symbol < 2) {
          run.length += run.unit << symbol;
          run.unit *= 2;
          if (run.length > this.#sizeLimit) throw new Damage('damaged bzip2 stream (block too long)');
          continue;
        }
        if (run.length > 0) at = this.#fill(at, order[0]!, run, counts);
        if (symbol === endSymbol) return at;
        if (at >= this.#sizeLimit) throw new Damage('damaged bzip2 stream (block too long)');
        const byte = order[symbol - 1]!;
        order.copyWithin(1, 0, symbol - 1);
        order[0] = byte;
        links[at++] = byte;
        counts[byte]!++;
      }
    }
    throw new Damage('damaged bzip2 stream (no end of block)');
  }

  #fill(at: number, byte: number, run: { length: number; unit: number }, counts: Uint32Array): number {
    const end = at + run.length;
    if (end > this.#sizeLimit) throw new Damage('damaged bzip2 stream (block too long)');
    this.#links.fill(byte, at, end);
    counts[byte]! += run.length;
    run.length = 0;
    run.unit = 1;
    return end;
  }

  #symbol(code: PrefixCode): number {
    const entry = code.table[this.#bits.look(code.width)]!;
    if (entry === 0) {
      this.#bits.bits(code.width);
      throw new Damage('damaged bzip2 stream (code)');
    }
    this.#bits.drop(entry & 31);
    return entry >>> 5;
  }
}

/** Undoes the Burrows-Wheeler transform: puts the place of each character's successor into the upper 24 bits. */
function linkUp(links: Uint32Array, counts: Uint32Array, length: number): void {
  const next = new Uint32Array(256);
  for (let byte = 1; byte < 256; byte++) next[byte] = next[byte - 1]! + counts[byte - 1]!;
  for (let index = 0; index < length; index++) {
    const byte = links[index]! & 0xff;
    links[next[byte]!++]! |= index << 8;
  }
}

/** Follows the chain and undoes the first run-length step: after four equal bytes stands how many more there are. */
class RunReader {
  readonly #links: Uint32Array;
  #left: number;
  #cursor: number;
  #crc = -1;
  #last = -1;
  #repeats = 0;

  constructor(links: Uint32Array, origin: number, length: number) {
    this.#links = links;
    this.#left = length;
    this.#cursor = links[origin]! >>> 8;
  }

  get crc(): number {
    return ~this.#crc;
  }

  next(): Buffer | null {
    if (this.#left === 0) return null;
    const bytes = Buffer.allocUnsafe(CHUNK_BYTES + 256);
    let size = 0;
    while (this.#left > 0 && size < CHUNK_BYTES) {
      const link = this.#links[this.#cursor]!;
      const byte = link & 0xff;
      this.#cursor = link >>> 8;
      this.#left--;
      if (this.#repeats === 4) {
        bytes.fill(this.#last, size, size + byte);
        size += byte;
        this.#repeats = 0;
        this.#last = -1;
        continue;
      }
      bytes[size++] = byte;
      this.#repeats = byte === this.#last ? this.#repeats + 1 : 1;
      this.#last = byte;
    }
    const made = bytes.subarray(0, size);
    this.#crc = crcOf(made, this.#crc);
    return made;
  }
}

function crcOf(bytes: Buffer, start: number): number {
  let crc = start;
  for (let index = 0; index < bytes.length; index++) {
    crc = (crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ bytes[index]!) & 0xff]!;
  }
  return crc;
}

import { LowBitReader } from './bit-reader.ts';
import type { ByteReader } from './byte-reader.ts';
import { CutOff, Damage } from './damage.ts';
import { CHUNK_BYTES, type Layer } from './layer.ts';
import { buildPrefixCode, type PrefixCode } from './prefix-code.ts';
import { Ring } from './ring.ts';

/** Base and extra bits for each length code from 257 on, and for each distance code. */
interface Alphabet {
  readonly lengthBase: readonly number[];
  readonly lengthBits: readonly number[];
  readonly windowBytes: number;
  readonly distanceCodes: number;
}

const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5];
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
];
const DEFLATE: Alphabet = {
  lengthBase: [...LENGTH_BASE, 258],
  lengthBits: [...LENGTH_BITS, 0],
  windowBytes: 32 * 1024,
  distanceCodes: 30,
};
/** Deflate64 differs in the window, in two more distances and in a last length of 3 + 16 bits. */
const DEFLATE64: Alphabet = {
  lengthBase: [...LENGTH_BASE, 3],
  lengthBits: [...LENGTH_BITS, 16],
  windowBytes: 64 * 1024,
  distanceCodes: 32,
};
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Bytes that one symbol needs at most, and a block's code lengths. */
const SYMBOL_BYTES = 16;
const HEADER_BYTES = 640;

/**
 * Inflate in JavaScript (RFC 1951, and Deflate64, which Windows writes for files over 2 GiB). Ten times slower than Node's,
 * but it gives every byte up to the damage, where Node's loses what its last step had made.
 */
export async function* slowInflate(
  input: ByteReader,
  layer: Layer,
  kind: 'deflate' | 'deflate64' = 'deflate',
): AsyncGenerator<Buffer> {
  const bits = new LowBitReader(input, 'deflate');
  const inflater = new Inflater(bits, kind === 'deflate' ? DEFLATE : DEFLATE64);
  const base = layer.consumed - input.offset;
  try {
    while (!inflater.isEnded) {
      await bits.ensure(HEADER_BYTES);
      await inflater.step();
      layer.consumed = base + bits.offset;
      if (inflater.ring.waiting >= CHUNK_BYTES) yield inflater.ring.takeAll();
    }
  } catch (error) {
    if (inflater.ring.waiting > 0) yield inflater.ring.takeAll();
    throw error;
  }
  if (inflater.ring.waiting > 0) yield inflater.ring.takeAll();
  bits.giveBack();
  layer.consumed = base + input.offset;
}

class Inflater {
  readonly ring: Ring;
  isEnded = false;
  readonly #bits: LowBitReader;
  readonly #alphabet: Alphabet;
  #isLast = false;
  #storedLeft = 0;
  #codes: { readonly literals: PrefixCode; readonly distances: PrefixCode } | null = null;

  constructor(bits: LowBitReader, alphabet: Alphabet) {
    this.#bits = bits;
    this.#alphabet = alphabet;
    this.ring = new Ring(alphabet.windowBytes);
  }

  /** Goes on until about a chunk has been made or a block has ended. */
  async step(): Promise<void> {
    if (this.#storedLeft > 0) await this.#store();
    else if (this.#codes !== null) await this.#decode(this.#codes);
    else if (this.#isLast) this.isEnded = true;
    else this.#openBlock();
  }

  #openBlock(): void {
    this.#isLast = this.#bits.bits(1) === 1;
    const kind = this.#bits.bits(2);
    if (kind === 0) this.#openStored();
    else if (kind === 1) this.#codes = FIXED;
    else if (kind === 2) this.#codes = this.#readCodes();
    else throw new Damage('damaged deflate stream (block of unknown kind)');
  }

  #openStored(): void {
    this.#bits.alignToByte();
    this.#storedLeft = this.#bits.bits(16);
    if (this.#bits.bits(16) !== (this.#storedLeft ^ 0xffff)) throw new Damage('damaged deflate stream (stored block)');
  }

  async #store(): Promise<void> {
    await this.#bits.ensure(1);
    const bytes = this.#bits.run(this.#storedLeft);
    if (bytes.length === 0) throw new CutOff('deflate');
    this.ring.putAll(bytes);
    this.#storedLeft -= bytes.length;
  }

  #readCodes(): { literals: PrefixCode; distances: PrefixCode } {
    const literalCount = this.#bits.bits(5) + 257;
    const distanceCount = this.#bits.bits(5) + 1;
    const lengths = this.#readLengths(literalCount + distanceCount, this.#readLengthCode());
    return {
      literals: buildPrefixCode(lengths.subarray(0, literalCount), 'low-first'),
      distances: buildPrefixCode(lengths.subarray(literalCount), 'low-first'),
    };
  }

  #readLengthCode(): PrefixCode {
    const count = this.#bits.bits(4) + 4;
    const lengths = new Uint8Array(19);
    for (let index = 0; index < count; index++) lengths[CODE_LENGTH_ORDER[index]!] = this.#bits.bits(3);
    return buildPrefixCode(lengths, 'low-first');
  }

  #readLengths(count: number, code: PrefixCode): Uint8Array {
    const lengths = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw new Damage('damaged deflate stream (code lengths)');
      const repeat =
        symbol === 16 ? 3 + this.#bits.bits(2) : symbol === 17 ? 3 + this.#bits.bits(3) : 11 + this.#bits.bits(7);
      if (at + repeat > count) throw new Damage('damaged deflate stream (code lengths)');
      lengths.fill(symbol === 16 ? lengths[at - 1]! : 0, at, at + repeat);
      at += repeat;
    }
    return lengths;
  }

  async #decode(codes: { readonly literals: PrefixCode; readonly distances: PrefixCode }): Promise<void> {
    for (let symbols = 0; symbols < 4096; symbols++) {
      if (symbols % 32 === 0) await this.#bits.ensure(32 * SYMBOL_BYTES);
      const symbol = this.#symbol(codes.literals);
      if (symbol < 256) this.ring.put(symbol);
      else if (symbol === 256) {
        this.#codes = null;
        return;
      } else this.#copy(symbol - 257, codes.distances);
    }
  }

  #copy(lengthCode: number, distances: PrefixCode): void {
    const { lengthBase, lengthBits, distanceCodes } = this.#alphabet;
    const base = lengthBase[lengthCode];
    if (base === undefined) throw new Damage('damaged deflate stream (length)');
    const length = base + this.#bits.bits(lengthBits[lengthCode]!);
    const code = this.#symbol(distances);
    if (code >= distanceCodes) throw new Damage('damaged deflate stream (distance)');
    const extra = code < 4 ? 0 : (code >> 1) - 1;
    const start = code < 4 ? code + 1 : ((2 + (code & 1)) << extra) + 1;
    const distance = start + this.#bits.bits(extra);
    if (!this.ring.reaches(distance)) throw new Damage('damaged deflate stream (distance too far back)');
    this.ring.copy(distance, length);
  }

  #symbol(code: PrefixCode): number {
    const entry = code.table[this.#bits.look(code.width)]!;
    if (entry === 0) {
      this.#bits.bits(code.width);
      throw new Damage('damaged deflate stream (code)');
    }
    this.#bits.drop(entry & 31);
    return entry >>> 5;
  }
}

const FIXED = {
  literals: buildPrefixCode(
    Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
    'low-first',
  ),
  distances: buildPrefixCode(new Uint8Array(32).fill(5), 'low-first'),
};

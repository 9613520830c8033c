import { CutOff, Damage } from './damage.ts';
import type { Ring } from './ring.ts';

const STATES = 12;
const POSITION_STATES = 16;
const START = 1024;
/** Offsets of the probabilities of one length coder. */
const LENGTH = { choice: 0, choice2: 1, low: 2, mid: 2 + POSITION_STATES * 8, high: 2 + POSITION_STATES * 16 } as const;
const LENGTH_SIZE = LENGTH.high + 256;

/** The decoder of one LZMA stream, as the xz format uses it: fed with whole chunks, its state lives on between them. */
export class LzmaDecoder {
  readonly #ring: Ring;
  readonly #isMatch = new Uint16Array(STATES * POSITION_STATES);
  readonly #isRep = new Uint16Array(STATES);
  readonly #isRep0Long = new Uint16Array(STATES * POSITION_STATES);
  readonly #repChoice = [new Uint16Array(STATES), new Uint16Array(STATES), new Uint16Array(STATES)] as const;
  readonly #slots = new Uint16Array(4 * 64);
  readonly #special = new Uint16Array(128);
  readonly #align = new Uint16Array(16);
  readonly #matchLength = new Uint16Array(LENGTH_SIZE);
  readonly #repLength = new Uint16Array(LENGTH_SIZE);
  #literals = new Uint16Array(0);
  #literalContext = 0;
  #literalMask = 0;
  #positionMask = 0;
  #state = 0;
  #distances = [1, 1, 1, 1];
  /** Counts output for the position bits; only the low ones matter. */
  #position = 0;
  #packed: Buffer = Buffer.alloc(0);
  #at = 0;
  #range = 0;
  #code = 0;

  constructor(ring: Ring) {
    this.#ring = ring;
  }

  /** Sets the properties byte `(pb * 5 + lp) * 9 + lc`; `resetState` must follow. */
  setProperties(byte: number): void {
    const literalContext = byte % 9;
    const rest = Math.floor(byte / 9);
    const literalPosition = rest % 5;
    const positionBits = Math.floor(rest / 5);
    if (positionBits > 4 || literalContext + literalPosition > 4) throw new Damage('damaged xz stream (properties)');
    this.#literalContext = literalContext;
    this.#literalMask = (1 << literalPosition) - 1;
    this.#positionMask = (1 << positionBits) - 1;
    this.#literals = new Uint16Array(0x300 << (literalContext + literalPosition));
  }

  resetState(): void {
    this.#state = 0;
    this.#distances = [1, 1, 1, 1];
    for (const table of [
      this.#isMatch,
      this.#isRep,
      this.#isRep0Long,
      ...this.#repChoice,
      this.#slots,
      this.#special,
    ]) {
      table.fill(START);
    }
    for (const table of [this.#align, this.#matchLength, this.#repLength, this.#literals]) table.fill(START);
  }

  resetPosition(): void {
    this.#position = 0;
  }

  /** Bytes that stand in the stream as they are count for the position too. */
  passPlain(length: number): void {
    this.#position += length;
  }

  /** Unpacks one chunk into the ring. Throws `Damage` with everything before it in the ring. */
  decode(packed: Buffer, unpackedSize: number): void {
    if (packed.length < 5) throw new CutOff('xz');
    this.#packed = packed;
    this.#at = 5;
    this.#range = 0xffffffff;
    this.#code = packed.readUInt32BE(1);
    if (packed[0] !== 0) throw new Damage('damaged xz stream (chunk)');
    const end = this.#position + unpackedSize;
    while (this.#position < end) this.#step(end - this.#position);
  }

  #step(room: number): void {
    const positionState = this.#position & this.#positionMask;
    const index = this.#state * POSITION_STATES + positionState;
    if (this.#bit(this.#isMatch, index) === 0) this.#literal();
    else if (this.#bit(this.#isRep, this.#state) === 0) this.#match(positionState, room);
    else this.#repeat(index, positionState, room);
  }

  #literal(): void {
    const ring = this.#ring;
    const context =
      ((this.#position & this.#literalMask) << this.#literalContext) | (ring.back(1) >> (8 - this.#literalContext));
    const base = 0x300 * context;
    let symbol = 1;
    if (this.#state >= 7) {
      let matched = ring.back(this.#distances[0]!);
      do {
        const matchBit = (matched >> 7) & 1;
        matched <<= 1;
        const bit = this.#bit(this.#literals, base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literals, base + symbol);
    ring.put(symbol & 0xff);
    this.#position++;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #match(positionState: number, room: number): void {
    const length = this.#length(this.#matchLength, positionState);
    this.#state = this.#state < 7 ? 7 : 10;
    const distance = this.#distance(length);
    this.#distances = [distance, this.#distances[0]!, this.#distances[1]!, this.#distances[2]!];
    this.#copy(length, room);
  }

  #repeat(index: number, positionState: number, room: number): void {
    const [first, second, third, fourth] = this.#distances as [number, number, number, number];
    if (this.#bit(this.#repChoice[0], this.#state) === 0) {
      if (this.#bit(this.#isRep0Long, index) === 0) {
        this.#state = this.#state < 7 ? 9 : 11;
        this.#copy(1, room);
        return;
      }
    } else if (this.#bit(this.#repChoice[1], this.#state) === 0) this.#distances = [second, first, third, fourth];
    else if (this.#bit(this.#repChoice[2], this.#state) === 0) this.#distances = [third, first, second, fourth];
    else this.#distances = [fourth, first, second, third];
    const length = this.#length(this.#repLength, positionState);
    this.#state = this.#state < 7 ? 8 : 11;
    this.#copy(length, room);
  }

  #copy(length: number, room: number): void {
    const distance = this.#distances[0]!;
    if (!this.#ring.reaches(distance)) throw new Damage('damaged xz stream (distance)');
    if (length > room) throw new Damage('damaged xz stream (length)');
    this.#ring.copy(distance, length);
    this.#position += length;
  }

  #length(table: Uint16Array, positionState: number): number {
    if (this.#bit(table, LENGTH.choice) === 0) return 2 + this.#tree(table, LENGTH.low + positionState * 8, 3);
    if (this.#bit(table, LENGTH.choice2) === 0) return 10 + this.#tree(table, LENGTH.mid + positionState * 8, 3);
    return 18 + this.#tree(table, LENGTH.high, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slots, Math.min(length - 2, 3) * 64, 6);
    if (slot < 4) return slot + 1;
    const count = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** count;
    if (slot < 14) return base + this.#reverseTree(this.#special, base - slot, count) + 1;
    return base + this.#direct(count - 4) * 16 + this.#reverseTree(this.#align, 0, 4) + 1;
  }

  #tree(table: Uint16Array, base: number, count: number): number {
    let symbol = 1;
    for (let index = 0; index < count; index++) symbol = (symbol << 1) | this.#bit(table, base + symbol);
    return symbol - (1 << count);
  }

  #reverseTree(table: Uint16Array, base: number, count: number): number {
    let symbol = 1;
    let value = 0;
    for (let index = 0; index < count; index++) {
      const bit = this.#bit(table, base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << index;
    }
    return value;
  }

  #direct(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) {
      this.#normalise();
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
    }
    return value;
  }

  #bit(table: Uint16Array, index: number): 0 | 1 {
    if (this.#range < 0x1000000) this.#normalise();
    const probability = table[index]!;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      table[index] = probability + ((2048 - probability) >> 5);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    table[index] = probability - (probability >> 5);
    return 1;
  }

  #normalise(): void {
    if (this.#range >= 0x1000000) return;
    const byte = this.#packed[this.#at];
    if (byte === undefined) throw new CutOff('xz');
    this.#at++;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | byte) >>> 0;
  }
}

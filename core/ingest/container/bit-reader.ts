import type { ByteReader } from './byte-reader.ts';
import { CutOff } from './damage.ts';

/**
 * Bits from a stream for the decoders written here. `ensure` waits for bytes at places where a decoder can wait; between
 * them reading is synchronous, and running off the end of the stream is `CutOff`.
 */
export abstract class BitReader {
  protected bytes: Buffer = Buffer.alloc(0);
  protected position = 0;
  protected held = 0;
  protected heldBits = 0;
  readonly #input: ByteReader;
  readonly #layer: string;

  constructor(input: ByteReader, layer: string) {
    this.#input = input;
    this.#layer = layer;
  }

  /** Offset in the input of the first byte that no bit was asked from. */
  get offset(): number {
    return this.#input.offset - (this.bytes.length - this.position) - (this.heldBits >> 3);
  }

  /** Waits until `count` bytes are at hand or the stream has ended. */
  async ensure(count: number): Promise<void> {
    while (this.bytes.length - this.position < count) {
      const more = await this.#input.next();
      if (more === null) return;
      const rest = this.bytes.subarray(this.position);
      this.bytes = rest.length === 0 ? more : Buffer.concat([rest, more]);
      this.position = 0;
    }
  }

  /** Gives whole bytes that were not used back to the input. */
  giveBack(): void {
    this.position -= this.heldBits >> 3;
    this.held = 0;
    this.heldBits = 0;
    this.#input.unread(this.bytes.subarray(this.position));
    this.bytes = Buffer.alloc(0);
    this.position = 0;
  }

  protected nextByte(): number {
    const byte = this.bytes[this.position];
    if (byte === undefined) throw new CutOff(this.#layer);
    this.position++;
    return byte;
  }

  protected get isExhausted(): boolean {
    return this.position >= this.bytes.length;
  }
}

/** Bits from the low end of each byte (deflate). */
export class LowBitReader extends BitReader {
  /** `count` at most 16. */
  bits(count: number): number {
    while (this.heldBits < count) {
      this.held |= this.nextByte() << this.heldBits;
      this.heldBits += 8;
    }
    const value = this.held & ((1 << count) - 1);
    this.held >>>= count;
    this.heldBits -= count;
    return value;
  }

  /** Up to `count` bits to look at, zeros beyond the end; `drop` takes them. */
  look(count: number): number {
    while (this.heldBits < count && !this.isExhausted) {
      this.held |= this.nextByte() << this.heldBits;
      this.heldBits += 8;
    }
    return this.held & ((1 << count) - 1);
  }

  drop(count: number): void {
    if (count > this.heldBits) this.bits(count);
    else {
      this.held >>>= count;
      this.heldBits -= count;
    }
  }

  alignToByte(): void {
    this.drop(this.heldBits & 7);
  }

  /** Whole bytes after `alignToByte`, as many as are at hand up to `atMost`. */
  run(atMost: number): Buffer {
    this.position -= this.heldBits >> 3;
    this.held = 0;
    this.heldBits = 0;
    const bytes = this.bytes.subarray(this.position, this.position + atMost);
    this.position += bytes.length;
    return bytes;
  }
}

/** Bits from the high end of each byte (bzip2). */
export class HighBitReader extends BitReader {
  /** `count` at most 24. */
  bits(count: number): number {
    while (this.heldBits < count) {
      this.held = (this.held << 8) | this.nextByte();
      this.heldBits += 8;
    }
    this.heldBits -= count;
    const value = (this.held >>> this.heldBits) & ((1 << count) - 1);
    this.held &= (1 << this.heldBits) - 1;
    return value;
  }

  /** Up to `count` bits to look at, zeros beyond the end; `drop` takes them. */
  look(count: number): number {
    while (this.heldBits < count && !this.isExhausted) {
      this.held = (this.held << 8) | this.nextByte();
      this.heldBits += 8;
    }
    const missing = count - this.heldBits;
    if (missing > 0) return (this.held << missing) & ((1 << count) - 1);
    return (this.held >>> -missing) & ((1 << count) - 1);
  }

  drop(count: number): void {
    if (count > this.heldBits) this.bits(count);
    else {
      this.heldBits -= count;
      this.held &= (1 << this.heldBits) - 1;
    }
  }

  alignToByte(): void {
    this.drop(this.heldBits & 7);
  }
}

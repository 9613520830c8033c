const FIRST_BYTES = 4 * 1024;

/** Bytes that are added at the end and taken from the front, in memory that can be given away. */
export class GrowingBuffer {
  #memory = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  /** Size at which memory stops doubling: the usual block fills it and is given away without a copy. */
  readonly #usualBytes: number;

  constructor(usualBytes: number) {
    this.#usualBytes = usualBytes;
  }

  get length(): number {
    return this.#length;
  }

  /** A view that holds until the next change. */
  view(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  append(bytes: Buffer): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#memory.length) this.#grow(needed);
    bytes.copy(this.#memory, this.#length);
    this.#length = needed;
  }

  #grow(needed: number): void {
    const doubled = this.#memory.length * 2;
    const size = needed <= this.#usualBytes ? Math.min(doubled, this.#usualBytes) : doubled;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, size));
    this.#memory.copy(grown, 0, 0, this.#length);
    this.#memory = grown;
  }

  dropLast(count: number): void {
    this.#length -= count;
  }

  dropFirst(count: number): void {
    this.#memory.copy(this.#memory, 0, count, this.#length);
    this.#length -= count;
  }

  /** Gives away the first `count` bytes: with the memory itself where they fill most of it, else as a copy. */
  take(count: number): Uint8Array<ArrayBuffer> {
    const old = this.#memory;
    if (count < old.length / 2) {
      const copy = Buffer.allocUnsafeSlow(count);
      old.copy(copy, 0, 0, count);
      this.dropFirst(count);
      return new Uint8Array(copy.buffer, 0, count);
    }
    this.#memory = Buffer.allocUnsafeSlow(Math.max(this.#usualBytes, this.#length - count));
    old.copy(this.#memory, 0, count, this.#length);
    this.#length -= count;
    return new Uint8Array(old.buffer as ArrayBuffer, 0, count);
  }
}

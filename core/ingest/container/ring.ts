/** A window of the last bytes unpacked, from which a format of the Lempel-Ziv kind copies, and the output that has not left yet. */
export class Ring {
  readonly size: number;
  readonly #bytes: Buffer;
  #position = 0;
  #flushed = 0;
  #isFull = false;
  #ready: Buffer[] = [];

  /** `size` in bytes is how far back a copy may reach. */
  constructor(size: number) {
    this.size = size;
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  put(byte: number): void {
    this.#bytes[this.#position++] = byte;
    if (this.#position === this.size) this.#wrap();
  }

  /** The byte `distance` before the next one; 0 before the first. */
  back(distance: number): number {
    const at = this.#position - distance;
    if (at >= 0) return this.#bytes[at]!;
    return this.#isFull ? this.#bytes[at + this.size]! : 0;
  }

  /** Can a copy reach back so far? */
  reaches(distance: number): boolean {
    return distance > 0 && (this.#isFull ? distance <= this.size : distance <= this.#position);
  }

  /** Copies within the window; source and target may overlap, which repeats a pattern. */
  copy(distance: number, length: number): void {
    const from = this.#position - distance;
    if (from >= 0 && distance >= length && this.#position + length < this.size) {
      this.#bytes.copyWithin(this.#position, from, from + length);
      this.#position += length;
      return;
    }
    for (let left = length; left > 0; left--) this.put(this.back(distance));
  }

  putAll(bytes: Buffer): void {
    let done = 0;
    while (done < bytes.length) {
      const length = Math.min(bytes.length - done, this.size - this.#position);
      bytes.copy(this.#bytes, this.#position, done, done + length);
      this.#position += length;
      done += length;
      if (this.#position === this.size) this.#wrap();
    }
  }

  /** Bytes that wait to be taken. */
  get waiting(): number {
    let sum = this.#position - this.#flushed;
    for (const bytes of this.#ready) sum += bytes.length;
    return sum;
  }

  /** Takes all output made since the last call, as a copy. */
  takeAll(): Buffer {
    this.#ready.push(Buffer.from(this.#bytes.subarray(this.#flushed, this.#position)));
    this.#flushed = this.#position;
    const taken = this.#ready.length === 1 ? this.#ready[0]! : Buffer.concat(this.#ready);
    this.#ready = [];
    return taken;
  }

  /** Forgets the window: nothing before this point can be copied any more. */
  reset(): void {
    this.#ready = this.waiting > 0 ? [this.takeAll()] : [];
    this.#position = 0;
    this.#flushed = 0;
    this.#isFull = false;
  }

  #wrap(): void {
    this.#ready.push(Buffer.from(this.#bytes.subarray(this.#flushed, this.#position)));
    this.#position = 0;
    this.#flushed = 0;
    this.#isFull = true;
  }
}

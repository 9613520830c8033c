const EMPTY: Buffer = Buffer.alloc(0);

/** How much taken input a reader keeps for `rewind` and for a second look after damage. */
const HISTORY_BYTES = 4 * 1024 * 1024;

/**
 * Takes bytes from a stream in the portions that a format needs. Chunks are handed on as they came wherever possible;
 * only what straddles two chunks is copied. The one who opens it closes it.
 */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #head: Buffer = EMPTY;
  #isDone = false;
  #taken = 0;
  #history: Buffer[] | null = null;
  #historyBytes = 0;

  /** Reads the same bytes once more from an offset, where they come from a place that can. */
  readonly again: ((offset: number) => AsyncIterable<Buffer>) | undefined;

  constructor(chunks: AsyncIterable<Buffer>, again?: (offset: number) => AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.again = again;
  }

  /** Bytes taken so far: the offset of the next byte. */
  get offset(): number {
    return this.#taken;
  }

  /** Up to `length` bytes that stay in the reader; fewer only at the end of the stream. */
  async peek(length: number): Promise<Buffer> {
    if (this.#head.length < length && !this.#isDone) await this.#gather(length);
    return this.#head.subarray(0, length);
  }

  /** Up to `length` bytes; fewer only at the end of the stream. */
  async take(length: number): Promise<Buffer> {
    const bytes = await this.peek(length);
    this.#advance(bytes.length);
    return bytes;
  }

  /** The next bytes as they come, at most `atMost`; null at the end of the stream. */
  async next(atMost = Number.POSITIVE_INFINITY): Promise<Buffer | null> {
    if (this.#head.length === 0 && !(await this.#pull())) return null;
    const bytes = this.#head.length <= atMost ? this.#head : this.#head.subarray(0, atMost);
    this.#advance(bytes.length);
    return bytes;
  }

  /** Gives back the last bytes taken, of which a layer turned out to need none. */
  unread(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#head = this.#head.length === 0 ? bytes : Buffer.concat([bytes, this.#head]);
    this.#taken -= bytes.length;
    this.#forget(bytes.length);
  }

  /** Passes over up to `length` bytes and returns how many there were. */
  async skip(length: number): Promise<number> {
    let passed = 0;
    while (passed < length) {
      const bytes = await this.next(length - passed);
      if (bytes === null) break;
      passed += bytes.length;
    }
    return passed;
  }

  /** Keeps what is taken from here on, up to 4 MiB, so that `rewind` can put it back. */
  hold(): void {
    this.#history = [];
    this.#historyBytes = 0;
  }

  release(): void {
    this.#history = null;
  }

  /** Puts back all that was taken since `hold`; false where that was more than is kept. */
  rewind(): boolean {
    const kept = this.#history;
    if (kept === null) return false;
    this.#history = null;
    this.#head = Buffer.concat([...kept, this.#head]);
    this.#taken -= this.#historyBytes;
    return true;
  }

  async close(): Promise<void> {
    this.#isDone = true;
    this.#head = EMPTY;
    await this.#chunks.return?.();
  }

  #advance(length: number): void {
    this.#remember(this.#head.subarray(0, length));
    this.#head = this.#head.subarray(length);
    this.#taken += length;
  }

  #remember(bytes: Buffer): void {
    if (this.#history === null || bytes.length === 0) return;
    this.#historyBytes += bytes.length;
    if (this.#historyBytes > HISTORY_BYTES) this.#history = null;
    else this.#history.push(bytes);
  }

  #forget(length: number): void {
    const kept = this.#history;
    if (kept === null) return;
    this.#historyBytes -= length;
    for (let left = length; left > 0; ) {
      const last = kept.pop();
      if (last === undefined) break;
      if (last.length > left) kept.push(last.subarray(0, last.length - left));
      left -= last.length;
    }
  }

  async #gather(length: number): Promise<void> {
    const parts = [this.#head];
    let size = this.#head.length;
    while (size < length) {
      const bytes = await this.#fetch();
      if (bytes === null) break;
      parts.push(bytes);
      size += bytes.length;
    }
    if (parts.length > 1) this.#head = Buffer.concat(parts);
  }

  async #pull(): Promise<boolean> {
    const bytes = await this.#fetch();
    if (bytes !== null) this.#head = bytes;
    return bytes !== null;
  }

  async #fetch(): Promise<Buffer | null> {
    while (!this.#isDone) {
      const step = await this.#chunks.next();
      if (step.done) this.#isDone = true;
      else if (step.value.length > 0) return step.value;
    }
    return null;
  }
}

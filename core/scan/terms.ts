/**
 * The dictionary of texts of one worker: they become dense ids, counted from 1 (0 is "absent"), and are looked up by their bytes,
 * so that a value seen before costs no string. Ids are the worker's own: whoever receives a block gets the entries that
 * are new in it and maps them to his own.
 */

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** UTF-8 texts to ids. */
export class TermInterner {
  /** Of this process only: whoever writes names into a log cannot choose them so that they collide here. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32) | 0;
  #slots = new Int32Array(1 << 12);
  #hashes = new Int32Array(1 << 11);
  #starts = new Uint32Array(1 << 11);
  #pool = new Uint8Array(1 << 16);
  #count = 0;
  #reported = 0;

  get count(): number {
    return this.#count;
  }

  /** Bytes of all texts. */
  get bytes(): number {
    return this.#starts[this.#count + 1] as number;
  }

  /** The id of the text that stands at `start` to `end` of the bytes. */
  idOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed ^ (end - start);
    let i = start;
    for (; i + 4 <= end; i += 4) {
      const word =
        (bytes[i] as number) |
        ((bytes[i + 1] as number) << 8) |
        ((bytes[i + 2] as number) << 16) |
        ((bytes[i + 3] as number) << 24);
      hash = Math.imul(hash ^ word, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    hash ^= hash >>> 15;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot] as number;
      if (id === 0) return this.#add(slot, hash, bytes, start, end);
      if (this.#hashes[id] === hash && this.#equals(id, bytes, start, end)) return id;
    }
  }

  idOfText(text: string): number {
    const bytes = encoder.encode(text);
    return this.idOf(bytes, 0, bytes.length);
  }

  text(id: number): string {
    return decoder.decode(this.#pool.subarray(this.#starts[id], this.#starts[id + 1]));
  }

  /** Texts added since the last call, in the order of their ids. */
  takeNew(): string[] {
    const texts: string[] = [];
    for (let id = this.#reported + 1; id <= this.#count; id++) texts.push(this.text(id));
    this.#reported = this.#count;
    return texts;
  }

  #equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[id] as number;
    if ((this.#starts[id + 1] as number) - from !== end - start) return false;
    const pool = this.#pool;
    for (let i = start, j = from; i < end; i++, j++) if (bytes[i] !== pool[j]) return false;
    return true;
  }

  #add(slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const id = ++this.#count;
    if (id + 2 > this.#hashes.length) this.#growIds();
    const from = this.#starts[id] as number;
    const to = from + end - start;
    if (to > this.#pool.length) this.#growPool(to);
    this.#pool.set(bytes.subarray(start, end), from);
    this.#hashes[id] = hash;
    this.#starts[id + 1] = to;
    this.#slots[slot] = id;
    if (id * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #growIds(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    const starts = new Uint32Array(hashes.length);
    hashes.set(this.#hashes);
    starts.set(this.#starts);
    this.#hashes = hashes;
    this.#starts = starts;
  }

  #growPool(needed: number): void {
    const pool = new Uint8Array(Math.max(needed, this.#pool.length * 2));
    pool.set(this.#pool);
    this.#pool = pool;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 1; id <= this.#count; id++) {
      let slot = (this.#hashes[id] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

import { larger } from '../larger.ts';

/** Keys of a fixed number of integers to numbers from 1 on. */
export class KeyTable {
  readonly #width: number;
  #keys: Int32Array<ArrayBuffer>;
  #slots = new Int32Array(4096);
  size = 0;

  constructor(width: number) {
    this.#width = width;
    this.#keys = new Int32Array(width * 1024);
  }

  /** One integer of a key. */
  at(number: number, column: number): number {
    return this.#keys[number * this.#width + column] as number;
  }

  of(number: number): Int32Array {
    return this.#keys.subarray(number * this.#width, (number + 1) * this.#width);
  }

  /** Writes a key into an array of its width: keys are many. */
  read(number: number, into: Int32Array): void {
    const from = number * this.#width;
    for (let i = 0; i < this.#width; i++) into[i] = this.#keys[from + i] as number;
  }

  /** The number of a key; one that is new gets the next. */
  find(key: Int32Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = this.#hash(key, 0) & mask; ; slot = (slot + 1) & mask) {
      const number = slots[slot] as number;
      if (number === 0) return this.#append(key, slot);
      if (this.#equals(number, key)) return number;
    }
  }

  #equals(number: number, key: Int32Array): boolean {
    const from = number * this.#width;
    for (let i = 0; i < this.#width; i++) if (this.#keys[from + i] !== key[i]) return false;
    return true;
  }

  #append(key: Int32Array, slot: number): number {
    const number = ++this.size;
    if ((number + 1) * this.#width > this.#keys.length) this.#keys = larger(this.#keys);
    this.#keys.set(key, number * this.#width);
    this.#slots[slot] = number;
    if (number * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 1; number <= this.size; number++) {
      let slot = this.#hash(this.#keys, number * this.#width) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.#slots = slots;
  }

  #hash(values: Int32Array, from: number): number {
    let hash = 0;
    for (let i = 0; i < this.#width; i++)
      hash = Math.imul(hash ^ (values[from + i] as number), 0x9e3779b1) ^ (hash >>> 13);
    return hash ^ (hash >>> 16);
  }
}

/** Tuples of a fixed number of small integers to ids. */
export class TupleInterner {
  readonly width: number;
  #slots = new Int32Array(1 << 10);
  #values: Int32Array;
  #count = 0;
  #reported = 0;

  constructor(width: number) {
    this.width = width;
    this.#values = new Int32Array(width * 256);
  }

  get count(): number {
    return this.#count;
  }

  /** The id of the tuple that stands at the head of `tuple`. */
  idOf(tuple: Int32Array): number {
    const hash = this.#hash(tuple, 0);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot] as number;
      if (id === 0) return this.#add(slot, tuple);
      if (this.#equals(id, tuple)) return id;
    }
  }

  /** One number of a tuple. */
  at(id: number, column: number): number {
    return this.#values[id * this.width + column] as number;
  }

  /** Tuples added since the last call, one after the other. */
  takeNew(): Int32Array {
    const from = (this.#reported + 1) * this.width;
    this.#reported = this.#count;
    return this.#values.slice(from, (this.#count + 1) * this.width);
  }

  #hash(values: Int32Array, from: number): number {
    let hash = 0;
    for (let i = 0; i < this.width; i++)
      hash = Math.imul(hash ^ (values[from + i] as number), 0x9e3779b1) ^ (hash >>> 13);
    return hash ^ (hash >>> 16);
  }

  #equals(id: number, tuple: Int32Array): boolean {
    const from = id * this.width;
    for (let i = 0; i < this.width; i++) if (this.#values[from + i] !== tuple[i]) return false;
    return true;
  }

  #add(slot: number, tuple: Int32Array): number {
    const id = ++this.#count;
    if ((id + 1) * this.width > this.#values.length) {
      const values = new Int32Array(this.#values.length * 2);
      values.set(this.#values);
      this.#values = values;
    }
    for (let i = 0; i < this.width; i++) this.#values[id * this.width + i] = tuple[i] as number;
    this.#slots[slot] = id;
    if (id * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 1; id <= this.#count; id++) {
      let slot = this.#hash(this.#values, id * this.width) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

const LEAST = 1 << 12;

/** 64-bit keys to ids, in typed arrays: 12 bytes a slot, of which up to three in four are taken. */
export class SeenKeys {
  #capacity = LEAST;
  #low = new Int32Array(this.#capacity);
  #high = new Int32Array(this.#capacity);
  #ids = new Int32Array(this.#capacity);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(low: number, high: number, id: number): void {
    if (++this.#count * 4 > this.#capacity * 3) this.#grow();
    this.#put(low, high, id);
  }

  /** Ids with that key; mostly none, seldom more than one. */
  find(low: number, high: number): readonly number[] {
    const mask = this.#capacity - 1;
    let found: number[] | undefined;
    for (let slot = low & mask; this.#ids[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#low[slot] !== low || this.#high[slot] !== high) continue;
      found ??= [];
      found.push(this.#ids[slot] as number);
    }
    return found ?? NONE;
  }

  clear(): void {
    this.#ids.fill(0);
    this.#count = 0;
  }

  /** Lets go of all keys and of the memory that they took. */
  release(): void {
    this.#capacity = LEAST;
    this.#low = new Int32Array(LEAST);
    this.#high = new Int32Array(LEAST);
    this.#ids = new Int32Array(LEAST);
    this.#count = 0;
  }

  #put(low: number, high: number, id: number): void {
    const mask = this.#capacity - 1;
    let slot = low & mask;
    while (this.#ids[slot] !== 0) slot = (slot + 1) & mask;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#ids[slot] = id;
  }

  #grow(): void {
    const [low, high, ids] = [this.#low, this.#high, this.#ids];
    this.#capacity *= 2;
    this.#low = new Int32Array(this.#capacity);
    this.#high = new Int32Array(this.#capacity);
    this.#ids = new Int32Array(this.#capacity);
    for (let i = 0; i < ids.length; i++)
      if (ids[i] !== 0) this.#put(low[i] as number, high[i] as number, ids[i] as number);
  }
}

const NONE: readonly number[] = [];

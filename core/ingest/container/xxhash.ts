const PRIME = [2654435761, 2246822519, 3266489917, 668265263, 374761393] as const;

/** xxHash of 32 bits with seed 0, in portions: the checksum of lz4 frames. */
export class XxHash32 {
  readonly #lanes = Int32Array.of(PRIME[0] + PRIME[1], PRIME[1], 0, -PRIME[0]);
  #rest: Buffer = Buffer.alloc(0);
  #total = 0;

  update(bytes: Buffer): void {
    this.#total += bytes.length;
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    let [a, b, c, d] = this.#lanes as unknown as [number, number, number, number];
    let at = 0;
    for (; at + 16 <= all.length; at += 16) {
      a = round(a, view.getInt32(at, true));
      b = round(b, view.getInt32(at + 4, true));
      c = round(c, view.getInt32(at + 8, true));
      d = round(d, view.getInt32(at + 12, true));
    }
    this.#lanes.set([a, b, c, d]);
    this.#rest = Buffer.from(all.subarray(at));
  }

  digest(): number {
    const [a, b, c, d] = this.#lanes as unknown as [number, number, number, number];
    let hash = this.#total >= 16 ? turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18) : PRIME[4];
    hash = (hash + this.#total) | 0;
    let at = 0;
    for (; at + 4 <= this.#rest.length; at += 4) {
      hash = Math.imul(turn((hash + Math.imul(this.#rest.readInt32LE(at), PRIME[2])) | 0, 17), PRIME[3]);
    }
    for (; at < this.#rest.length; at++) {
      hash = Math.imul(turn((hash + Math.imul(this.#rest[at]!, PRIME[4])) | 0, 11), PRIME[0]);
    }
    hash = Math.imul(hash ^ (hash >>> 15), PRIME[1]);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME[2]);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

function round(lane: number, word: number): number {
  return Math.imul(turn((lane + Math.imul(word, PRIME[1])) | 0, 13), PRIME[0]);
}

function turn(value: number, count: number): number {
  return (value << count) | (value >>> (32 - count));
}

/**
 * Duplicates are looked for by a hash of what names an event: auditID, and both times. The hash only finds candidates; the
 * content decides. It is seeded anew in each process, so that a log cannot be written to collide.
 */
const seedLow = (Math.random() * 2 ** 32) | 0;
const seedHigh = (Math.random() * 2 ** 32) | 0;

/** Two 32-bit halves, in `low` and `high`, of the key of the event whose audit id stands in `id` from `at`. */
export class EventKey {
  low = 0;
  high = 0;
  readonly #times = new Float64Array(2);
  readonly #words = new Int32Array(this.#times.buffer);

  /** `time` and `elapsed` in microseconds. */
  set(id: Uint8Array, at: number, end: number, time: number, elapsed: number): void {
    let low = seedLow;
    let high = seedHigh;
    for (let i = at; i < end; i++) {
      low = Math.imul(low ^ (id[i] as number), 0x01000193);
      high = Math.imul(high ^ (id[i] as number), 0x5bd1e995) ^ (low >>> 15);
    }
    this.#times[0] = time;
    this.#times[1] = elapsed;
    for (let i = 0; i < 4; i++) {
      low = Math.imul(low ^ (this.#words[i] as number), 0x9e3779b1);
      high = Math.imul(high ^ (this.#words[i] as number), 0x85ebca6b) ^ (low >>> 13);
    }
    this.low = low ^ (high >>> 16);
    this.high = high ^ (low >>> 11);
  }
}

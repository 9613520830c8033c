/** Of this process only, so that nobody can choose names that collide here. */
const seedLow = (Math.random() * 2 ** 32) | 0;
const seedHigh = (Math.random() * 2 ** 32) | 0;

/** Two 32-bit halves, in `low` and `high`, of a hash of a text: it only finds candidates. */
export class TextKey {
  low = 0;
  high = 0;

  set(text: string): void {
    let low = seedLow ^ text.length;
    let high = seedHigh;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      low = Math.imul(low ^ unit, 0x9e3779b1);
      low ^= low >>> 15;
      high = Math.imul(high ^ unit, 0x5bd1e995) ^ (low >>> 13);
    }
    this.low = low ^ (high >>> 16);
    this.high = high ^ (low >>> 11);
  }
}

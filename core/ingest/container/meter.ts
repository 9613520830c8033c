import { deflateRawSync } from 'node:zlib';
import { LIMITS } from '../../contract/limits.ts';

const GRACE_BYTES = 1024 * 1024;
/** NUL is counted at this weight: a hole of gigabytes is honest, layers of holes in holes would never end. */
const NUL_WEIGHT = 1 / 10_000;
/** Below this many bytes out per byte in, nobody looks for NUL. */
const PLAIN_RATIO = 50;
/** A layer as a whole may go beyond the ratio of one member by this factor before all of it is given up. */
const LAYER_SLACK = 10;
/** What packs worse than this by itself is no bomb. */
const FORGIVEN_RATIO = 100;
const SAMPLE_BYTES = 64 * 1024;
const NUL_RUN = Buffer.alloc(512);

/** How many packed bytes have been used up, at the outermost compression of a chain: the inner ones are its output. */
export interface Meter {
  readonly consumed: number;
  /** `consumed` before the portion that is being handed out now was made. */
  readonly before: number;
}

/** A meter whose bytes came out of another layer first: each counts as the share of what that layer was fed. */
export function scaled(meter: Meter, share: number): Meter {
  return {
    get consumed() {
      return meter.consumed * share;
    },
    get before() {
      return meter.before * share;
    },
  };
}

/** What all members of one zip may make together: several may claim the same packed bytes. */
export class Budget {
  #left: number;

  constructor(packedBytes: number) {
    this.#left = packedBytes * LIMITS.ratio + GRACE_BYTES;
  }

  spend(weight: number): boolean {
    this.#left -= weight;
    return this.#left >= 0;
  }
}

/** Watches the bytes that come out of a chain against those that went in. */
export class RatioGuard {
  readonly #meter: Meter;
  readonly #start: number;
  readonly #most: number;
  readonly #budget: Budget | null;
  readonly #isWhole: boolean;
  #last: number;
  #made = 0;
  #weight = 0;

  /**
   * With `isWhole` a layer is watched and not one member: many may be in it, of which one is a bomb, so the limit is ten times as
   * high, and nothing is forgiven.
   */
  constructor(meter: Meter, isWhole: boolean, budget: Budget | null = null) {
    this.#meter = meter;
    this.#isWhole = isWhole;
    this.#budget = budget;
    this.#start = meter.before;
    this.#last = meter.before;
    this.#most = LIMITS.ratio * (isWhole ? LAYER_SLACK : 1);
  }

  /** Counts a portion and says whether it goes beyond the limit. */
  isExceededBy(bytes: Buffer): boolean {
    const fed = this.#meter.consumed - this.#last;
    this.#last = this.#meter.consumed;
    this.#made += bytes.length;
    const nul = bytes.length > fed * PLAIN_RATIO ? countNul(bytes) : 0;
    const weight = bytes.length - nul + nul * NUL_WEIGHT;
    this.#weight += weight;
    if (this.#budget?.spend(weight) === false) return true;
    if (this.#made <= GRACE_BYTES) return false;
    if (this.#weight <= this.#most * (this.#meter.consumed - this.#start)) return false;
    return this.#isWhole || !this.#forgives(bytes);
  }

  /** A second copy of a log in a tar.zst or tar.xz packs to next to nothing: what is no bomb by itself goes on. */
  #forgives(bytes: Buffer): boolean {
    const sample = bytes.subarray(0, SAMPLE_BYTES);
    if (deflateRawSync(sample, { level: 1 }).length * FORGIVEN_RATIO < sample.length) return false;
    this.#weight = 0;
    return true;
  }
}

/** Bytes in runs of NUL, in steps of 512. */
function countNul(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at + NUL_RUN.length <= bytes.length; at += NUL_RUN.length) {
    if (bytes[at] === 0 && NUL_RUN.equals(bytes.subarray(at, at + NUL_RUN.length))) count += NUL_RUN.length;
  }
  return count;
}

import { LIMITS } from '../../contract/limits.ts';

const GRACE_BYTES = 1024 * 1024;
/** NUL is counted at this weight: a hole of gigabytes is honest, layers of holes in holes would never end. */
const NUL_WEIGHT = 1 / 10_000;
/** Below this many bytes out per byte in, nobody looks for NUL. */
const PLAIN_RATIO = 50;
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
  #last: number;
  #made = 0;
  #weight = 0;

  /** `slack` multiplies the limit, for layers that hold many members of which one may be a bomb. */
  constructor(meter: Meter, slack = 1, budget: Budget | null = null) {
    this.#meter = meter;
    this.#budget = budget;
    this.#start = meter.before;
    this.#last = meter.before;
    this.#most = LIMITS.ratio * slack;
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
    return this.#weight > this.#most * (this.#meter.consumed - this.#start);
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

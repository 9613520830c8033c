/** Runs of NUL of this length and more are holes in the evidence: sparse copies, truncation under an open file. */
export const HOLE_BYTES = 512;
const NULS = Buffer.alloc(HOLE_BYTES);

type Part =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** A hole begins; `before` of its bytes were handed out as bytes already. */
  | { readonly kind: 'hole'; readonly before: number }
  /** More bytes of the hole. */
  | { readonly kind: 'gap'; readonly length: number };

/** Splits a stream into bytes and holes, whatever its chunks. Text without NUL costs one search for NUL. */
export class HoleFinder {
  readonly #found: { offset: number; length: number }[];
  #offset = 0;
  /** NULs at the end of what has gone by, not yet known to be a hole. */
  #trailing = 0;
  #isInHole = false;

  constructor(found: { offset: number; length: number }[]) {
    this.#found = found;
  }

  *split(chunk: Buffer): Generator<Part> {
    let rest = chunk;
    while (rest.length > 0) {
      const leading = this.#isInHole || this.#trailing > 0 || rest[0] === 0 ? countLeading(rest) : 0;
      if (leading > 0 && (this.#isInHole || this.#trailing + leading >= HOLE_BYTES)) {
        yield* this.#goOn(leading);
        rest = rest.subarray(leading);
        continue;
      }
      this.#isInHole = false;
      const length = this.#beforeHole(rest, leading);
      const trailing = countTrailing(rest.subarray(0, length));
      this.#trailing = trailing === length ? this.#trailing + trailing : trailing;
      this.#offset += length;
      yield { kind: 'bytes', bytes: rest.subarray(0, length) };
      rest = rest.subarray(length);
    }
  }

  /** Bytes up to the next hole inside `rest`. */
  #beforeHole(rest: Buffer, from: number): number {
    if (rest.indexOf(0, from) < 0) return rest.length;
    const hole = rest.indexOf(NULS, from);
    return hole < 0 ? rest.length : hole;
  }

  *#goOn(length: number): Generator<Part> {
    if (!this.#isInHole) {
      yield { kind: 'hole', before: this.#trailing };
      this.#found.push({ offset: this.#offset - this.#trailing, length: this.#trailing });
    }
    this.#isInHole = true;
    this.#trailing = 0;
    this.#offset += length;
    const hole = this.#found.at(-1)!;
    this.#found[this.#found.length - 1] = { offset: hole.offset, length: hole.length + length };
    yield { kind: 'gap', length };
  }
}

function countLeading(bytes: Buffer): number {
  let count = 0;
  while (count < bytes.length && bytes[count] === 0) count++;
  return count;
}

function countTrailing(bytes: Buffer): number {
  let count = 0;
  while (count < bytes.length && bytes[bytes.length - 1 - count] === 0) count++;
  return count;
}

import { larger } from '../larger.ts';

/** Parts of detection that look at all hits of a log for those whose proof holds something for them. */
export const HOLDS = { items: 1, habits: 2, images: 4 } as const;

/** An event that meets rules. */
export interface Hit {
  readonly row: number;
  /** Steps to the event inside its record, which may hold several. */
  readonly inner: string | null;
  /** Numbers of rules of the run, ascending. */
  readonly rules: readonly number[];
  /** Bits of HOLDS. */
  readonly holds: number;
  /** What the alert needs beyond the narrow columns, as JSON. */
  readonly proof: string;
}

/** Hits as plain arrays, so that they can be sent to another thread and kept without anybody reading them. */
export interface HitColumns {
  /** What `row` counts is said where they come from: events of a block, or ids of events. Ascending. */
  readonly row: Int32Array;
  /** Null where the events are their records. */
  readonly inner: readonly (string | null)[] | null;
  readonly holds: Uint8Array;
  readonly rules: Int32Array;
  /** Where the rules of a hit end. */
  readonly rulesEnd: Int32Array;
  /** JSON, UTF-8. */
  readonly proofs: Uint8Array;
  /** Where the proof of a hit ends. */
  readonly proofEnd: Int32Array;
}

export const rulesOf = ({ rules, rulesEnd }: HitColumns, at: number): Int32Array =>
  rules.subarray(rulesEnd[at - 1] ?? 0, rulesEnd[at]);

export const proofOf = ({ proofs, proofEnd }: HitColumns, at: number): Uint8Array =>
  proofs.subarray(proofEnd[at - 1] ?? 0, proofEnd[at]);

/** The number of the hit of a row; -1 where the row has none. */
export function hitOf({ row: rows }: HitColumns, row: number): number {
  let low = 0;
  for (let high = rows.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as number) < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] === row ? low : -1;
}

/** The memory of hits, for a transfer without copying. */
export const hitBuffers = ({ row, holds, rules, rulesEnd, proofs, proofEnd }: HitColumns): ArrayBuffer[] =>
  [row, holds, rules, rulesEnd, proofs, proofEnd].map(({ buffer }) => buffer as ArrayBuffer);

/** Numbers before the columns of packed hits: how many hits, rules and bytes of proofs there are. */
const HEAD = 3;

/** Hits that are events of their own, as bytes: 32-bit numbers, little-endian, then a byte of HOLDS each, then the proofs. */
export function packHits({ row, rulesEnd, proofEnd, rules, holds, proofs }: HitColumns): Buffer {
  const head = Int32Array.of(row.length, rules.length, proofs.length);
  return Buffer.concat([head, row, rulesEnd, proofEnd, rules, holds, proofs].map(bytesOf));
}

/** What `packHits` has packed. The columns stand on the bytes that are given. */
export function unpackHits(packed: Buffer): HitColumns {
  const bytes = packed.byteOffset % 4 === 0 ? packed : Buffer.from(new Uint8Array(packed).buffer);
  const [count, rules, proofs] = new Int32Array(bytes.buffer, bytes.byteOffset, HEAD) as unknown as [
    number,
    number,
    number,
  ];
  let at = bytes.byteOffset + HEAD * 4;
  const numbers = (length: number) => {
    const taken = new Int32Array(bytes.buffer, at, length);
    at += taken.byteLength;
    return taken;
  };
  const columns = {
    row: numbers(count),
    inner: null,
    rulesEnd: numbers(count),
    proofEnd: numbers(count),
    rules: numbers(rules),
  };
  return {
    ...columns,
    holds: new Uint8Array(bytes.buffer, at, count),
    proofs: new Uint8Array(bytes.buffer, at + count, proofs),
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int32Array | Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Bytes that a character of a text takes in UTF-8, at most. */
const MOST_BYTES = 3;
/** Characters from which on the bytes of a text are counted before room is made for them. */
const LONG = 64 * 1024;

const roomFor = (proof: string | Uint8Array): number => {
  if (typeof proof !== 'string') return proof.length;
  return proof.length < LONG ? proof.length * MOST_BYTES : Buffer.byteLength(proof);
};

/** Hits on their way into columns. */
export class HitBuilder {
  #count = 0;
  #row = new Int32Array(256);
  #holds = new Uint8Array(256);
  #rulesEnd = new Int32Array(256);
  #proofEnd = new Int32Array(256);
  #rules = new Int32Array(512);
  #proofs = Buffer.allocUnsafeSlow(64 * 1024);
  #inner: (string | null)[] | null = null;

  /** Rows ascend. The proof may be UTF-8 already. */
  add({ row, inner, rules, holds, proof }: Omit<Hit, 'proof'> & { readonly proof: string | Uint8Array }): void {
    const last = this.#count - 1;
    const [firstRule, firstByte] = [this.#rulesEnd[last] ?? 0, this.#proofEnd[last] ?? 0];
    this.#reserve(firstRule + rules.length, firstByte + roomFor(proof));
    this.#rules.set(rules, firstRule);
    const bytes = typeof proof === 'string' ? this.#proofs.write(proof, firstByte) : proof.length;
    if (typeof proof !== 'string') this.#proofs.set(proof, firstByte);
    this.#row[this.#count] = row;
    this.#holds[this.#count] = holds;
    this.#rulesEnd[this.#count] = firstRule + rules.length;
    this.#proofEnd[this.#count] = firstByte + bytes;
    if (inner !== null) this.#inner ??= Array<null>(this.#count).fill(null);
    this.#inner?.push(inner);
    this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of the proofs so far. */
  get bytes(): number {
    return this.#proofEnd[this.#count - 1] ?? 0;
  }

  /** The hits so far, in arrays of their own; the builder is empty afterwards. */
  take(): HitColumns {
    const count = this.#count;
    const last = count - 1;
    const taken = {
      row: this.#row.slice(0, count),
      inner: this.#inner,
      holds: this.#holds.slice(0, count),
      rules: this.#rules.slice(0, this.#rulesEnd[last] ?? 0),
      rulesEnd: this.#rulesEnd.slice(0, count),
      proofs: new Uint8Array(this.#proofs.subarray(0, this.#proofEnd[last] ?? 0)),
      proofEnd: this.#proofEnd.slice(0, count),
    };
    this.#count = 0;
    this.#inner = null;
    return taken;
  }

  /** Room for one more hit, and for as many rules and bytes of proofs in all. */
  #reserve(rules: number, bytes: number): void {
    if (this.#count === this.#row.length) {
      this.#row = larger(this.#row);
      this.#holds = larger(this.#holds);
      this.#rulesEnd = larger(this.#rulesEnd);
      this.#proofEnd = larger(this.#proofEnd);
    }
    if (rules > this.#rules.length) this.#rules = larger(this.#rules, Math.max(rules, this.#rules.length * 2));
    if (bytes <= this.#proofs.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, this.#proofs.length * 2));
    this.#proofs.copy(grown);
    this.#proofs = grown;
  }
}

import { type HitColumns, proofOf, rulesOf } from '../event/hit-columns.ts';
import { type SpooledText, TextSpool } from './text-spool.ts';

/** An event that meets rules, for detection. */
export interface EventHit {
  readonly event: number;
  readonly rules: readonly number[];
  /** Bits of HOLDS. */
  readonly holds: number;
  /** JSON of what `map` says of it. */
  readonly proof: string;
}

/** The hits of a run: what they prove is put away until it is asked for, since hits are many and alerts few. The caller closes it. */
export class HitSpool {
  readonly #texts: TextSpool;
  /** Few different lists of rules are met. */
  readonly #rules = new Map<string, readonly number[]>();

  constructor(folder: string) {
    this.#texts = new TextSpool(folder);
  }

  /** Takes the hit with a number out of columns. */
  put(event: number, hits: HitColumns, at: number): SpooledHit {
    return new SpooledHit(event, this.#shared(rulesOf(hits, at)), hits.holds[at] as number, {
      texts: this.#texts,
      ...this.#texts.add(proofOf(hits, at)),
    });
  }

  close(): void {
    this.#texts.close();
  }

  #shared(rules: Int32Array): readonly number[] {
    const key = rules.join();
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    const list = [...rules];
    this.#rules.set(key, list);
    return list;
  }
}

/** A hit of which the proof is put away. */
export class SpooledHit implements EventHit {
  readonly event: number;
  readonly rules: readonly number[];
  readonly holds: number;
  readonly #texts: TextSpool;
  readonly #at: number;
  readonly #length: number;

  constructor(
    event: number,
    rules: readonly number[],
    holds: number,
    { texts, at, length }: SpooledText & { readonly texts: TextSpool },
  ) {
    this.event = event;
    this.rules = rules;
    this.holds = holds;
    this.#texts = texts;
    this.#at = at;
    this.#length = length;
  }

  get proof(): string {
    return this.bytes().toString();
  }

  /** The proof, UTF-8. */
  bytes(): Buffer {
    return this.#texts.read({ at: this.#at, length: this.#length });
  }
}

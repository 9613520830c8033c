import { type SpooledText, TextSpool } from './text-spool.ts';

/** An event that meets rules, for detection. */
export interface EventHit {
  readonly event: number;
  readonly rules: readonly number[];
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

  put({ event, rules, proof }: EventHit): EventHit {
    return new SpooledHit(event, this.#shared(rules), this.#texts, this.#texts.add(proof));
  }

  close(): void {
    this.#texts.close();
  }

  #shared(rules: readonly number[]): readonly number[] {
    const key = rules.join();
    const known = this.#rules.get(key) ?? rules;
    this.#rules.set(key, known);
    return known;
  }
}

class SpooledHit implements EventHit, SpooledText {
  readonly event: number;
  readonly rules: readonly number[];
  readonly at: number;
  readonly length: number;
  readonly #texts: TextSpool;

  constructor(event: number, rules: readonly number[], texts: TextSpool, { at, length }: SpooledText) {
    this.event = event;
    this.rules = rules;
    this.#texts = texts;
    this.at = at;
    this.length = length;
  }

  get proof(): string {
    return this.#texts.read(this);
  }
}

import { mapKey } from '../../map-key.ts';

/** Numbers for texts that are JSON of lists, from 0 on. */
export class TextNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  /** Texts by their numbers. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  numberOf(text: string): number {
    const key = mapKey(text);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}

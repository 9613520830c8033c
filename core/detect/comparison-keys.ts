import type { Comparison } from '../sigma/sigma.ts';
import { firstKeyAskedFor, isNotKnown, type KnownColumns, partialEvent } from './partial-event.ts';

/** What rules compare, each comparison once. */
export class Comparisons {
  /** Number of each comparison's test. */
  readonly #numbers = new Map<Comparison['test'], number>();
  readonly #tests: Comparison['test'][] = [];
  /** The key at the top of an event that a comparison asks for first; null: none of those that events have. */
  readonly #keys: (string | null)[] = [];

  constructor(all: Iterable<Comparison>) {
    for (const { test } of all) {
      if (this.#numbers.has(test)) continue;
      this.#numbers.set(test, this.#tests.length);
      this.#tests.push(test);
      this.#keys.push(firstKeyAskedFor(test));
    }
  }

  numberOf({ test }: Comparison): number {
    return this.#numbers.get(test) as number;
  }

  /** Those that ask first for one of some keys: what is known of no other key tells nothing about them, or all. */
  askingFor(keys: readonly string[]): number[] {
    return this.#keys.flatMap((key, number) => (key !== null && keys.includes(key) ? [number] : []));
  }

  /** How a comparison ends for events of which only some columns are known; null where that does not decide. */
  outcomes(known: KnownColumns): (number: number) => boolean | null {
    const event = partialEvent(known);
    const hidden = hiddenKeys(event);
    return (number) => {
      const key = this.#keys[number] as string | null;
      if (key !== null && hidden.has(key)) return null;
      try {
        return (this.#tests[number] as Comparison['test'])(event);
      } catch (error) {
        if (isNotKnown(error)) return null;
        throw error;
      }
    };
  }
}

/** Keys of a partial event that nothing is known of: reading them raises, which takes long. */
function hiddenKeys(event: object): ReadonlySet<string> {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(event));
  return new Set(properties.flatMap(([key, { get }]) => (get === undefined ? [] : [key])));
}

import type { Comparisons } from './comparison-keys.ts';
import type { KnownColumns } from './partial-event.ts';

/** Values with larger ids, and classes past so many, are found out each time: 2 bytes a value. */
const MOST_REMEMBERED = 4_000_000;
const MOST_CLASSES = 2 ** 16 - 1;

/**
 * Values of one column that are alike to all comparisons are one class: a log may have a new address in every line, but
 * rules see few kinds of them.
 */
export class ValueClasses {
  readonly #comparisons: Comparisons;
  readonly #known: (id: number) => KnownColumns;
  /** Numbers of the comparisons that ask for this column, and the place of each. */
  readonly #asking: readonly number[];
  readonly #placeOf: ReadonlyMap<number, number>;
  readonly #byOutcomes = new Map<string, number>();
  readonly #outcomes: (boolean | null)[][] = [];
  /** Classes by id, plus one: 0 stands for a value not met yet. */
  #classes = new Uint16Array(1024);

  /** `keys`: the keys of an event that the column stands for; `known`: what one of its values tells. */
  constructor(comparisons: Comparisons, keys: readonly string[], known: (id: number) => KnownColumns) {
    this.#comparisons = comparisons;
    this.#known = known;
    this.#asking = comparisons.askingFor(keys);
    this.#placeOf = new Map(this.#asking.map((number, place) => [number, place]));
  }

  /** The class of a value, by its id. */
  of(id: number): number {
    const known = this.#classes[id];
    if (known) return known - 1;
    const found = this.#classOf(this.#known(id));
    if (id < MOST_REMEMBERED && found < MOST_CLASSES) this.#remember(id, found);
    return found;
  }

  /** How a comparison ends for all values of a class; null: they do not decide it. */
  outcome(of: number, comparison: number): boolean | null {
    const place = this.#placeOf.get(comparison);
    return place === undefined ? null : ((this.#outcomes[of] as (boolean | null)[])[place] ?? null);
  }

  #remember(id: number, found: number): void {
    if (id >= this.#classes.length) {
      const larger = new Uint16Array(Math.max(id + 1, this.#classes.length * 2));
      larger.set(this.#classes);
      this.#classes = larger;
    }
    this.#classes[id] = found + 1;
  }

  #classOf(known: KnownColumns): number {
    const outcomeOf = this.#comparisons.outcomes(known);
    const outcomes = this.#asking.map(outcomeOf);
    const key = outcomes.map((one) => (one === null ? '?' : one ? '1' : '0')).join('');
    const same = this.#byOutcomes.get(key);
    if (same !== undefined) return same;
    this.#byOutcomes.set(key, this.#outcomes.length);
    return this.#outcomes.push(outcomes) - 1;
  }
}

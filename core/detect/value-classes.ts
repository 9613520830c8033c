import type { Comparisons } from './comparison-keys.ts';
import type { KnownColumns } from './partial-event.ts';

/** Values remembered; a log with more starts afresh. */
const MOST_REMEMBERED = 1_000_000;

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
  #classes = new Map<number, number>();

  /** `keys`: the keys of an event that the column stands for; `known`: what one of its values tells. */
  constructor(comparisons: Comparisons, keys: readonly string[], known: (id: number) => KnownColumns) {
    this.#comparisons = comparisons;
    this.#known = known;
    this.#asking = comparisons.askingFor(keys);
    this.#placeOf = new Map(this.#asking.map((number, place) => [number, place]));
  }

  /** The class of a value, by its id. */
  of(id: number): number {
    const known = this.#classes.get(id);
    if (known !== undefined) return known;
    if (this.#classes.size >= MOST_REMEMBERED) this.#classes = new Map();
    const found = this.#classOf(this.#known(id));
    this.#classes.set(id, found);
    return found;
  }

  /** How a comparison ends for all values of a class; null: they do not decide it. */
  outcome(of: number, comparison: number): boolean | null {
    const place = this.#placeOf.get(comparison);
    return place === undefined ? null : ((this.#outcomes[of] as (boolean | null)[])[place] ?? null);
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

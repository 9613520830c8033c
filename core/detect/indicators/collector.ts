import { CaseError } from '../../fault.ts';
import { type Indicator, MOST_INDICATORS, type ReadIndicators } from './indicator.ts';

/** Collects the indicators of a file: each once, and how many entries were passed over and why. */
export class IndicatorCollector {
  readonly #indicators = new Map<string, Indicator>();
  readonly #skipped = new Map<string, number>();

  /** Null: it is nothing that could be compared, for the reason given. */
  add(indicator: Indicator | null, reason: string): void {
    if (indicator === null) {
      this.skip(reason);
      return;
    }
    const key = `${indicator.kind} ${indicator.value}`;
    if (!this.#indicators.has(key)) this.#indicators.set(key, indicator);
    if (this.#indicators.size <= MOST_INDICATORS) return;
    throw new CaseError('list/invalid', `The file holds more than ${MOST_INDICATORS} indicators.`, {
      hint: 'Split it, or leave out what cannot stand in an audit log.',
    });
  }

  /** All of an entry's indicators, or why it has none. */
  take(found: readonly Indicator[] | string): void {
    if (typeof found === 'string') this.skip(found);
    else for (const indicator of found) this.add(indicator, '');
  }

  skip(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  result(rest: Pick<ReadIndicators, 'format' | 'date' | 'origin'>): ReadIndicators {
    const indicators = [...this.#indicators.values()].sort((a, b) =>
      a.kind === b.kind ? (a.value < b.value ? -1 : 1) : a.kind < b.kind ? -1 : 1,
    );
    return {
      ...rest,
      indicators,
      skipped: Object.fromEntries([...this.#skipped].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}

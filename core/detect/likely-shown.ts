import { mapKey } from '../map-key.ts';

/** Events of one rule, identity, object and outcome that are told of at once: an alert shows the first requests of it. */
const OF_OBJECT = 10;
/** The same in one namespace: where there are many objects they are one alert. */
const OF_NAMESPACE = 100;
/** Counts kept; past that one starts afresh. */
const MOST_COUNTED = 50_000;

/** What alerts are divided by. */
export interface AlertScope {
  readonly actor: string;
  readonly namespace: string;
  readonly object: string;
  readonly outcome: string;
}

/**
 * Guesses which events alerts are going to show, before there are alerts. A wrong guess costs time, never a result: what is missing
 * is read again, what is too much stays unread.
 */
export class LikelyShown {
  #counts = new Map<string, number>();

  /** Counts an event for all its rules. */
  holds(rules: readonly number[], { actor, namespace, object, outcome }: AlertScope): boolean {
    const place = mapKey(`${actor} ${namespace}`);
    const thing = mapKey(object);
    let isLikely = false;
    for (const rule of rules) {
      const inNamespace = `${rule} ${place}`;
      if (!this.#isAmong(inNamespace, OF_NAMESPACE)) continue;
      if (this.#isAmong(`${inNamespace} ${thing} ${outcome}`, OF_OBJECT)) isLikely = true;
    }
    return isLikely;
  }

  #isAmong(key: string, most: number): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= most) return false;
    if (this.#counts.size >= MOST_COUNTED) this.#counts.clear();
    this.#counts.set(key, count + 1);
    return true;
  }
}

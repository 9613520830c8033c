import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { count } from '../words/number.ts';

interface Sight {
  readonly first: number;
  readonly last: number;
}

/** Which rows of a list stand in sight: only who reads it is drawn when the list moves, not the whole view. */
export class SightStore {
  #sight: Sight = { first: 0, last: 0 };
  readonly #listeners = new Set<() => void>();

  readonly onSight = (first: number, last: number): void => {
    if (this.#sight.first === first && this.#sight.last === last) return;
    this.#sight = { first, last };
    for (const listener of this.#listeners) listener();
  };

  readonly get = (): Sight => this.#sight;

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

export function useSight(): SightStore {
  return useState(() => new SightStore())[0];
}

/** "rows 598 – 614 of 1,846". */
export function RowsInSight({ sight, total }: { readonly sight: SightStore; readonly total: number }): ReactNode {
  const { first, last } = useSyncExternalStore(sight.listen, sight.get);
  return `rows ${count(Math.min(total, first + 1))} – ${count(Math.min(total, last + 1))} of ${count(total)}`;
}

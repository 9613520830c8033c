import type { SigmaCorrelation } from './model.ts';

/** What a window holds of one event or inner alert. */
export interface Measured {
  /** Indexes of the rules that it satisfies. */
  readonly members: readonly number[];
  readonly values: readonly (string | number)[];
}

/** A number that follows a window as events enter and leave it. */
export interface Measure {
  add(entry: Measured): void;
  remove(entry: Measured): void;
  value(): number;
}

/** The number that a type of correlation compares with its limits. */
export function measureFor({ type, percentile }: SigmaCorrelation): Measure {
  switch (type) {
    case 'event_count':
      return countEvents();
    case 'value_count':
      return countDistinct((entry) => entry.values);
    case 'temporal':
    case 'temporal_ordered':
      return countDistinct((entry) => entry.members);
    case 'value_sum':
      return sumValues((sum) => sum);
    case 'value_avg':
      return sumValues((sum, count) => sum / count);
    case 'value_percentile':
      return rankValues(percentile);
    case 'value_median':
      return rankValues(50);
  }
}

function countEvents(): Measure {
  let count = 0;
  return { add: () => void count++, remove: () => void count--, value: () => count };
}

function countDistinct(keysOf: (entry: Measured) => readonly (string | number)[]): Measure {
  const counts = new Map<string | number, number>();
  return {
    add: (entry) => {
      for (const key of keysOf(entry)) counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    remove: (entry) => {
      for (const key of keysOf(entry)) {
        const left = (counts.get(key) ?? 0) - 1;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      }
    },
    value: () => counts.size,
  };
}

/** The sum is kept with its rounding error, so that what leaves takes away exactly what it brought. */
function sumValues(result: (sum: number, count: number) => number): Measure {
  let [sum, rest, count] = [0, 0, 0];
  const add = (value: number) => {
    const next = sum + value;
    const part = next - sum;
    rest += sum - (next - part) + (value - part);
    sum = next;
  };
  return {
    add: ({ values }) => {
      for (const value of values) add(Number(value));
      count += values.length;
    },
    remove: ({ values }) => {
      for (const value of values) add(-Number(value));
      count -= values.length;
    },
    value: () => result(sum + rest, count),
  };
}

/** The value at a rank, interpolated linearly between its neighbours. */
function rankValues(percentile: number): Measure {
  const sorted: number[] = [];
  return {
    add: ({ values }) => {
      for (const value of values) sorted.splice(placeIn(sorted, Number(value)), 0, Number(value));
    },
    remove: ({ values }) => {
      for (const value of values) sorted.splice(placeIn(sorted, Number(value)), 1);
    },
    value: () => {
      const rank = (percentile / 100) * (sorted.length - 1);
      const below = sorted[Math.floor(rank)] ?? Number.NaN;
      const above = sorted[Math.ceil(rank)] ?? Number.NaN;
      return below + (above - below) * (rank - Math.floor(rank));
    },
  };
}

function placeIn(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

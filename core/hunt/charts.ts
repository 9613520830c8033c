import type { HeatMap, Histogram } from '../contract/event-calls.ts';
import type { StackBy, TimeRange } from '../contract/scope.ts';
import type { EventIndex } from '../store/event-index.ts';
import { compareNames, countKeys, type GroupBy, groupsOf, largest } from './groups.ts';
import type { RowMask } from './row-mask.ts';

/** Names of a stack that are told apart; the rest is one. */
const MOST_SERIES = 8;
const HOUR_US = 3_600_000_000;
const DAY_HOURS = 24;
/** 1 January 1970 was a Thursday; weeks begin on Monday. */
const FIRST_WEEKDAY = 3;

const STACK_GROUPS: Readonly<Record<StackBy, GroupBy>> = {
  level: 'level',
  verb: 'verb',
  outcome: 'outcome',
  actor: 'identity',
};

/** First and last received time of the case; null where no event has one. */
export function spanOf({ columns: { time, count } }: EventIndex): TimeRange | null {
  let first = 0;
  while (first < count && Number.isNaN(time[first])) first++;
  return first === count ? null : { from: time[first] as number, to: time[count - 1] as number };
}

/** Bins of equal width over a range. */
export interface Bins extends TimeRange {
  readonly step: number;
  readonly count: number;
}

/** At most `most` bins; a range shorter than that many microseconds has fewer. */
export function binsOf({ from, to }: TimeRange, most: number): Bins {
  const length = Math.max(1, to - from + 1);
  const step = Math.max(1, Math.ceil(length / most));
  return { from, to, step, count: Math.ceil(length / step) };
}

/** Place of a time in the bins, or -1. */
export function binAt({ from, to, step }: Bins, time: number): number {
  return time >= from && time <= to ? Math.floor((time - from) / step) : -1;
}

/** Events of the mask by bin and stack, as one pass over the columns. */
export function histogramOf(
  index: EventIndex,
  mask: RowMask,
  bins: Bins,
  stack: StackBy,
): Pick<Histogram, 'range' | 'step' | 'series' | 'other' | 'bars' | 'untimed'> {
  const groups = groupsOf(index, STACK_GROUPS[stack]);
  const totals = countKeys(groups, mask);
  const nameOf = (key: number) => groups.names[key] ?? null;
  const most = largest(totals, MOST_SERIES + 1, (a, b) => compareNames(nameOf(a), nameOf(b)));
  const distinct = totals.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const shown = distinct > MOST_SERIES ? most.slice(0, MOST_SERIES - 1) : most;
  const width = Math.max(1, shown.length + (distinct > shown.length ? 1 : 0));
  const seriesOf = new Uint16Array(groups.names.length).fill(shown.length);
  shown.forEach((key, at) => {
    seriesOf[key] = at;
  });
  const place = groups.keyOf.map((key) => seriesOf[key] as number);
  const { counts, untimed } = countBins(index, mask, bins, groups.ids, place, width);
  const names = shown.map((key) => nameOf(key) ?? '');
  const series = distinct > shown.length ? [...names, 'other'] : names;
  return {
    range: { from: bins.from, to: bins.to },
    step: bins.step,
    series,
    other: distinct - shown.length,
    bars: Array.from({ length: bins.count }, (_, bin) => ({
      counts: [...counts.subarray(bin * width, bin * width + series.length)],
    })),
    untimed,
  };
}

function countBins(
  { columns: { time } }: EventIndex,
  mask: RowMask,
  bins: Bins,
  ids: ArrayLike<number>,
  place: Uint32Array,
  width: number,
): { counts: Uint32Array; untimed: number } {
  const counts = new Uint32Array(bins.count * width);
  let untimed = 0;
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    const bin = binAt(bins, time[row] as number);
    if (bin < 0) {
      if (Number.isNaN(time[row])) untimed++;
      continue;
    }
    const at = bin * width + (place[ids[row] as number] as number);
    counts[at] = (counts[at] as number) + 1;
  }
  return { counts, untimed };
}

/** Events of the mask by weekday (0: Monday) and hour, UTC. */
export function heatOf({ columns: { time } }: EventIndex, mask: RowMask): HeatMap {
  const counts = new Uint32Array(7 * DAY_HOURS);
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0 || Number.isNaN(time[row])) continue;
    const hours = Math.floor((time[row] as number) / HOUR_US);
    const day = Math.floor(hours / DAY_HOURS);
    const at = modulo(day + FIRST_WEEKDAY, 7) * DAY_HOURS + modulo(hours, DAY_HOURS);
    counts[at] = (counts[at] as number) + 1;
  }
  return {
    cells: Array.from({ length: 7 }, (_, day) => [...counts.subarray(day * DAY_HOURS, (day + 1) * DAY_HOURS)]),
    most: counts.reduce((most, count) => Math.max(most, count), 0),
  };
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

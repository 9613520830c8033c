import type { Baseline } from './baseline.ts';
import { type Cell, HOUR_US } from './cells.ts';
import { cleanCount, type Judge, type Learned, type Report } from './judge.ts';

const HOURS = 24;
/** Makes the median absolute deviation comparable with a standard deviation. */
const MAD_SCALE = 1.4826;

/** One hour of a group: its requests, or the different terms of them. */
interface Hour {
  readonly cells: Cell[];
  value: number;
  clean: number;
}

/**
 * `spike`: hours in which a group does far more than at the same time of earlier days. It is compared with its own hour and
 * the two beside it, by median and deviation from it, and has to exceed all that these have ever held: nights and weekends
 * are compared with nights and weekends, and a nightly job is its own usual.
 */
export const judgeSpike: Judge = (baseline, cells, prior, endUs) => {
  const hours = hoursOf(cells, baseline);
  const first = minOf(hours.keys());
  const reports: Report[] = [];
  let readyUs: number | null = null;
  let [days, events] = [0, 0];
  let seen = prior?.events ?? 0;
  for (const hour of [...hours.keys()].sort((a, b) => a - b)) {
    const { value, cells: own } = hours.get(hour) as Hour;
    const past = Math.floor((hour - first) / HOURS) + (prior?.days ?? 0);
    [days, events] = [Math.max(days, past), Math.max(events, seen)];
    if (past >= baseline.minimum.days && seen >= baseline.minimum.events) {
      readyUs ??= hour * HOUR_US;
      const samples = samplesOf(hours, hour, first, baseline, prior);
      const usual = median(samples);
      const most = Math.max(0, ...samples);
      if (value >= baseline.least && value > limitOf(samples, baseline) && value > most)
        reports.push(report(own, { count: value, usual, most }, { first, hour, seen, days: past, prior }));
    }
    seen += own.reduce((sum, cell) => sum + cleanCount(cell), 0);
  }
  const ready = (first + (baseline.minimum.days - (prior?.days ?? 0)) * HOURS) * HOUR_US;
  if (readyUs === null && seen >= baseline.minimum.events && ready < endUs) readyUs = ready;
  [days, events] = [Math.max(days, Math.floor((endUs / HOUR_US - first) / HOURS)), Math.max(events, seen)];
  return { reports, readyUs, days, events };
};

function report(
  cells: readonly Cell[],
  spike: NonNullable<Report['spike']>,
  known: { first: number; hour: number; seen: number; days: number; prior: Prior | undefined },
): Report {
  const learned: Learned = {
    fromUs: Math.min(known.prior?.fromUs ?? Number.POSITIVE_INFINITY, known.first * HOUR_US),
    toUs: known.hour * HOUR_US,
    events: known.seen,
    days: known.days,
    known: spike.most,
    values: [],
  };
  return { group: (cells[0] as Cell).group, cells, fresh: [], learned, spike };
}

type Prior = Parameters<Judge>[2];

function hoursOf(cells: readonly Cell[], { fields }: Baseline): Map<number, Hour> {
  const hours = new Map<number, Hour>();
  for (const cell of cells) {
    const hour = hours.get(cell.bucket) ?? { cells: [], value: 0, clean: 0 };
    hours.set(cell.bucket, hour);
    hour.cells.push(cell);
    hour.value += cell.count;
    hour.clean += cleanCount(cell);
  }
  if (fields.length > 0) {
    for (const hour of hours.values()) {
      hour.value = distinctTerms(hour.cells);
      hour.clean = distinctTerms(hour.cells.filter((cell) => cleanCount(cell) > 0));
    }
  }
  return hours;
}

const distinctTerms = (cells: readonly Cell[]) => new Set(cells.flatMap((cell) => cell.parts[0] ?? [])).size;

/** What the hour, and those beside it, held on earlier days; zero where nothing was done. */
function samplesOf(
  hours: ReadonlyMap<number, Hour>,
  hour: number,
  first: number,
  { learnUs }: Baseline,
  prior: Prior,
): number[] {
  const samples: number[] = [];
  const oldest = Math.max(first, hour - learnUs / HOUR_US);
  for (let day = hour - HOURS; day >= oldest - 1; day -= HOURS) {
    for (const beside of [day - 1, day, day + 1])
      if (beside >= oldest && beside < hour) samples.push(hours.get(beside)?.clean ?? 0);
  }
  for (const beside of [hour - 1, hour, hour + 1])
    samples.push(...(prior?.hours?.[((beside % HOURS) + HOURS) % HOURS] ?? []));
  return samples;
}

function limitOf(samples: readonly number[], { threshold }: Baseline): number {
  const usual = median(samples);
  const deviation = MAD_SCALE * median(samples.map((sample) => Math.abs(sample - usual)));
  return usual + threshold * Math.max(deviation, Math.sqrt(usual), 1);
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** What the hours of the day held, for another case to compare with. */
export function hourProfile(cells: readonly Cell[], baseline: Baseline): number[][] {
  const hours = hoursOf(cells, baseline);
  if (hours.size === 0) return [];
  const last = maxOf(hours.keys());
  const first = Math.max(minOf(hours.keys()), last - baseline.learnUs / HOUR_US);
  const profile = Array.from({ length: HOURS }, (): number[] => []);
  for (let hour = first; hour <= last; hour++) profile[hour % HOURS]?.push(hours.get(hour)?.clean ?? 0);
  return profile;
}

const minOf = (values: Iterable<number>) => [...values].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const maxOf = (values: Iterable<number>) => [...values].reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

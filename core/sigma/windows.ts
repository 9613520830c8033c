import { meets } from './correlation.ts';
import type { SigmaCorrelation } from './model.ts';
import { type Measured, measureFor } from './window-measure.ts';

/** An event, or an alert of an inner correlation, in one group. */
export interface Entry extends Measured {
  readonly timeUs: number;
  readonly identity: string;
  /** Of an inner alert: where its events are. */
  readonly inner: { readonly run: Run; readonly window: Window } | null;
}

/** Entries of a run that make an alert: all from one index to another, or those picked. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly picked?: readonly number[];
}

/** One group of one correlation, with what it found. */
export interface Run {
  readonly group: readonly string[];
  /** In the order of time and identity. */
  readonly entries: readonly Entry[];
  readonly windows: readonly Window[];
}

/** The order of events: by time, then by identity. */
export function byTime(a: Entry, b: Entry): number {
  return a.timeUs - b.timeUs || (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0);
}

/** Windows of a group that meet the correlation's limits, in the order of their ends. */
export function findWindows(correlation: SigmaCorrelation, entries: readonly Entry[]): Window[] {
  return correlation.type === 'temporal_ordered' ? sequences(correlation, entries) : slide(correlation, entries);
}

function slide(correlation: SigmaCorrelation, entries: readonly Entry[]): Window[] {
  const measure = measureFor(correlation);
  const windows: Window[] = [];
  let from = 0;
  entries.forEach((entry, to) => {
    measure.add(entry);
    if (entries[to + 1]?.timeUs === entry.timeUs) return;
    for (
      let first = entries[from];
      first && first.timeUs < entry.timeUs - correlation.timespanUs;
      first = entries[from]
    ) {
      measure.remove(first);
      from++;
    }
    if (meets(measure.value(), correlation.limits)) windows.push({ from, to });
  });
  return windows;
}

/** The latest way to an entry through the rules so far. */
interface Step {
  readonly index: number;
  readonly startUs: number;
  readonly before: Step | null;
}

/**
 * Sequences in the order of the rules. To each end the latest events before it are chosen: if any choice keeps within the
 * timespan, this one does. Equal times are in order, whatever their identities.
 */
function sequences({ rules, timespanUs }: SigmaCorrelation, entries: readonly Entry[]): Window[] {
  const latest: (Step | undefined)[] = [];
  const windows: Window[] = [];
  for (const { start, end, timeUs } of instants(entries)) {
    for (let rule = 0; rule < rules.length; rule++) {
      for (let index = start; index < end; index++) {
        const before = rule === 0 ? null : latest[rule - 1];
        if (before === undefined || !entries[index]?.members.includes(rule)) continue;
        const step: Step = { index, startUs: before?.startUs ?? timeUs, before };
        latest[rule] = step;
        if (rule === rules.length - 1 && timeUs - step.startUs <= timespanUs) windows.push(windowOf(step));
      }
    }
  }
  return windows;
}

/** Ranges of entries of one time. */
function* instants(entries: readonly Entry[]): Generator<{ start: number; end: number; timeUs: number }> {
  for (let start = 0; start < entries.length; ) {
    const { timeUs } = entries[start] as Entry;
    let end = start;
    while (entries[end]?.timeUs === timeUs) end++;
    yield { start, end, timeUs };
    start = end;
  }
}

function windowOf(end: Step): Window {
  const picked = new Set<number>();
  for (let step: Step | null = end; step; step = step.before) picked.add(step.index);
  const sorted = [...picked].sort((a, b) => a - b);
  return { from: sorted[0] as number, to: sorted.at(-1) as number, picked: sorted };
}

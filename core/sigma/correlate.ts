import { meets } from './correlation.ts';
import { type CorrelationItem, fieldFor } from './correlation-items.ts';
import type { CorrelationMember, LinkedRules } from './link-rules.ts';
import type { SigmaCorrelation } from './model.ts';
import { numberOf } from './scalar.ts';
import { type Measured, measureFor } from './window-measure.ts';

export interface CorrelationAlert {
  readonly correlation: SigmaCorrelation;
  /** Group-by name to text. */
  readonly group: Readonly<Record<string, string>>;
  /** Identities of the events, in the order of their times. */
  readonly events: readonly string[];
  readonly firstTimeUs: number;
  readonly lastTimeUs: number;
}

/** An event, or an alert of an inner correlation, in one group. */
interface Entry extends Measured {
  readonly timeUs: number;
  readonly identity: string;
  /** Of an inner alert: where its events are. */
  readonly inner: { readonly run: Run; readonly window: Window } | null;
}

/** Entries of a run that make an alert: all from one index to another, or those picked. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly picked?: readonly number[];
}

/** One group of one correlation, with what it found. */
interface Run {
  readonly group: readonly string[];
  readonly entries: readonly Entry[];
  readonly windows: readonly Window[];
}

/**
 * Alerts of all correlations that are not silent, from the items of all events in any order (Sigma correlations). Windows
 * slide: for each event the window ends at its time and holds all events of that time, both edges included. Windows that
 * share an event are one alert.
 */
export function correlate(linked: LinkedRules, items: Iterable<CorrelationItem>): CorrelationAlert[] {
  const own = Map.groupBy(items, (item) => item.correlation);
  const runs = new Map<CorrelationMember, Run[]>();
  linked.correlations.forEach((correlation, index) => {
    const entries = groupItems(own.get(index) ?? []);
    (linked.members.get(correlation) ?? []).forEach((member, place) => {
      for (const run of runs.get(member) ?? []) addInner(entries, correlation, { member, place, run });
    });
    runs.set(correlation, evaluate(correlation, entries));
  });
  const loud = linked.correlations.filter((correlation) => !linked.silent.has(correlation));
  return loud.flatMap((correlation) => (runs.get(correlation) ?? []).flatMap((run) => alertsOf(correlation, run)));
}

/** Entries by group and, within it, by identity: an event counts once, whichever rules matched it. */
type Grouped = Map<string, Map<string, Entry>>;

function groupItems(items: readonly CorrelationItem[]): Grouped {
  const groups: Grouped = new Map();
  for (const { group, identity, timeUs, member, values } of items) {
    addEntry(groups, group, { identity, timeUs, members: [member], values, inner: null });
  }
  return groups;
}

function addEntry(groups: Grouped, group: readonly string[], entry: Entry): void {
  const key = JSON.stringify(group);
  const entries = groups.get(key) ?? new Map<string, Entry>();
  groups.set(key, entries);
  const known = entries.get(entry.identity);
  entries.set(entry.identity, known ? joinEntries(known, entry) : entry);
}

/** The same event by another rule. Sorted, so that the order of the input cannot be seen. */
function joinEntries(a: Entry, b: Entry): Entry {
  const members = [...new Set([...a.members, ...b.members])].sort((x, y) => x - y);
  const values = (a.members[0] as number) <= (b.members[0] as number) ? a.values : b.values;
  return { ...a, members, values };
}

interface InnerRun {
  readonly member: CorrelationMember;
  readonly place: number;
  readonly run: Run;
}

/**
 * An inner alert counts at its last event's time, with its group's values. Where presence is asked for, each window is one;
 * where alerts are counted, windows that share an event are one.
 */
function addInner(groups: Grouped, correlation: SigmaCorrelation, { member, place, run }: InnerRun): void {
  if (member.kind !== 'correlation') return;
  const textOf = (name: string) => run.group[member.groupBy.indexOf(fieldFor(correlation, member, place, name))];
  const group = correlation.groupBy.map(textOf);
  if (group.some((text) => text === undefined)) return;
  const isPresence = correlation.type.startsWith('temporal');
  const values = innerValues(correlation, correlation.valueFields.map(textOf));
  for (const window of isPresence ? run.windows : mergeWindows(run.windows)) {
    const last = run.entries[window.to] as Entry;
    const identity = JSON.stringify([place, run.group, last.identity]);
    addEntry(groups, group as string[], {
      identity,
      timeUs: last.timeUs,
      members: [place],
      values,
      inner: { run, window },
    });
  }
}

function innerValues({ type }: SigmaCorrelation, texts: readonly (string | undefined)[]): (string | number)[] {
  const known = texts.filter((text) => text !== undefined);
  if (known.length < texts.length || known.length === 0) return [];
  if (type === 'value_count') return [known.length === 1 ? (known[0] as string) : JSON.stringify(known)];
  return known.map(numberOf).flatMap((number) => (number === null ? [] : [Number(number)]));
}

function evaluate(correlation: SigmaCorrelation, groups: Grouped): Run[] {
  const needsValue = correlation.type.startsWith('value_');
  return [...groups.keys()].sort().flatMap((key) => {
    const all = [...(groups.get(key)?.values() ?? [])];
    const entries = all.filter((entry) => !needsValue || entry.values.length > 0).sort(byTime);
    const windows =
      correlation.type === 'temporal_ordered' ? sequences(correlation, entries) : slide(correlation, entries);
    return windows.length > 0 ? [{ group: JSON.parse(key) as string[], entries, windows }] : [];
  });
}

function byTime(a: Entry, b: Entry): number {
  return a.timeUs - b.timeUs || (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0);
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
function sequences(correlation: SigmaCorrelation, entries: readonly Entry[]): Window[] {
  const latest: (Step | undefined)[] = [];
  const windows: Window[] = [];
  const last = correlation.rules.length - 1;
  for (let start = 0; start < entries.length; ) {
    const timeUs = (entries[start] as Entry).timeUs;
    let end = start;
    while (entries[end]?.timeUs === timeUs) end++;
    for (let rule = 0; rule <= last; rule++) {
      for (let index = start; index < end; index++) {
        const before = rule === 0 ? null : latest[rule - 1];
        if (!entries[index]?.members.includes(rule) || before === undefined) continue;
        const step: Step = { index, startUs: before?.startUs ?? timeUs, before };
        latest[rule] = step;
        if (rule === last && timeUs - step.startUs <= correlation.timespanUs) windows.push(windowOf(step));
      }
    }
    start = end;
  }
  return windows;
}

function windowOf(end: Step): Window {
  const picked: number[] = [];
  for (let step: Step | null = end; step; step = step.before) picked.unshift(step.index);
  const sorted = [...new Set(picked)].sort((a, b) => a - b);
  return { from: sorted[0] as number, to: end.index, picked: sorted };
}

/** Joins windows that share an entry. They come in the order of their first entries, or as sequences. */
function mergeWindows(windows: readonly Window[]): Window[] {
  return windows.some((window) => window.picked) ? mergePicked(windows) : mergeRanges(windows);
}

function mergeRanges(windows: readonly Window[]): Window[] {
  const merged: Window[] = [];
  for (const { from, to } of windows) {
    const last = merged.at(-1);
    if (last && from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else merged.push({ from, to });
  }
  return merged;
}

function mergePicked(windows: readonly Window[]): Window[] {
  const parent = new Map<number, number>();
  const rootOf = (index: number): number => {
    let root = index;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    parent.set(index, root);
    return root;
  };
  for (const { picked = [], to } of windows) for (const index of picked) parent.set(rootOf(index), rootOf(to));
  const sets = Map.groupBy(
    [...parent.keys()].sort((a, b) => a - b),
    rootOf,
  );
  return [...sets.values()].map((picked) => ({ from: picked[0] as number, to: picked.at(-1) as number, picked }));
}

function alertsOf(correlation: SigmaCorrelation, run: Run): CorrelationAlert[] {
  const group = Object.fromEntries(correlation.groupBy.map((name, index) => [name, run.group[index] ?? '']));
  return mergeWindows(run.windows).map((window) => {
    const events = eventsOf(run, window).sort(byTime);
    const firstTimeUs = events[0]?.timeUs ?? 0;
    const lastTimeUs = events.at(-1)?.timeUs ?? 0;
    return { correlation, group, events: events.map(({ identity }) => identity), firstTimeUs, lastTimeUs };
  });
}

/** The events of a window, those of inner alerts too. Ranges of one run are joined before they are written out. */
function eventsOf(run: Run, window: Window): Entry[] {
  const events = new Map<string, Entry>();
  let level = new Map<Run, Window[]>([[run, [window]]]);
  while (level.size > 0) {
    const next = new Map<Run, Window[]>();
    for (const [one, windows] of level) {
      for (const entry of entriesOf(one, windows)) {
        if (!entry.inner) events.set(entry.identity, entry);
        else listOf(next, entry.inner.run).push(entry.inner.window);
      }
    }
    level = next;
  }
  return [...events.values()];
}

function listOf(lists: Map<Run, Window[]>, run: Run): Window[] {
  const list = lists.get(run) ?? [];
  lists.set(run, list);
  return list;
}

function entriesOf({ entries }: Run, windows: readonly Window[]): Entry[] {
  const sorted = windows.toSorted((a, b) => a.from - b.from || a.to - b.to);
  return mergeWindows(sorted).flatMap(({ from, to, picked }) =>
    picked ? picked.map((index) => entries[index] as Entry) : entries.slice(from, to + 1),
  );
}

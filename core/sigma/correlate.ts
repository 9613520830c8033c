import { type Burst, eventsOf, findBursts, windowOf } from './bursts.ts';
import { type CorrelationItem, fieldFor } from './correlation-items.ts';
import type { CorrelationMember, LinkedRules } from './link-rules.ts';
import type { SigmaCorrelation } from './model.ts';
import { numberOf } from './scalar.ts';
import { byTime, type Entry, findWindows, type Run } from './windows.ts';

export interface CorrelationAlert {
  readonly correlation: SigmaCorrelation;
  /** Group-by name to text. */
  readonly group: Readonly<Record<string, string>>;
  /** Identities of the events, in the order of their times. */
  readonly events: readonly string[];
  readonly firstTimeUs: number;
  readonly lastTimeUs: number;
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
  return loud.flatMap((correlation) => {
    const bursts = (runs.get(correlation) ?? []).flatMap(findBursts);
    return bursts.map((burst) => alertOf(correlation, burst));
  });
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
  for (const window of isPresence ? run.windows : findBursts(run).map(windowOf)) {
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
    const windows = findWindows(correlation, entries);
    return windows.length > 0 ? [{ group: JSON.parse(key) as string[], entries, windows }] : [];
  });
}

function alertOf(correlation: SigmaCorrelation, burst: Burst): CorrelationAlert {
  const group = correlation.groupBy.map((name, index) => [name, burst.run.group[index] ?? '']);
  const events = eventsOf(burst);
  return {
    correlation,
    group: Object.fromEntries(group) as Record<string, string>,
    events: events.map(({ identity }) => identity),
    firstTimeUs: events[0]?.timeUs ?? 0,
    lastTimeUs: events.at(-1)?.timeUs ?? 0,
  };
}

import { type FieldFinder, fieldFinder, type SigmaOptions } from '../../sigma/sigma.ts';
import type { Baseline } from './baseline.ts';
import type { LinkedBaseline } from './link-baselines.ts';

/** What a baseline has to remember of one request: plain data, to be counted in any order. */
export interface Observation {
  /** Values of the group-by fields. */
  readonly group: readonly string[];
  /** Terms: one list for all fields together, or one for each field; of `peers` one more for the peers. */
  readonly parts: readonly (readonly string[])[];
}

/** The same with the number of the baseline in the pack. */
export interface BaselineItem extends Observation {
  readonly baseline: number;
}

/** Values of one field, and combinations of several, that count in one request. */
const MOST_VALUES = 64;

/** Reads what one baseline looks at in an event that meets one of its rules: for whom it counts, and what is seen of each of them. */
export interface Observer {
  groups(event: unknown): string[][];
  parts(event: unknown): string[][];
}

export function observerOf(baseline: Baseline, field: FieldFinder): Observer {
  const read = (name: string) => {
    const found = field(name);
    return (event: unknown): string[] => {
      const values = new Set<string>();
      found.some(event, (value) => {
        if (typeof value === 'string') values.add(value);
        else if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
          values.add(String(value));
        return values.size >= MOST_VALUES;
      });
      return [...values].sort();
    };
  };
  const groupBy = baseline.groupBy.map(read);
  const fields = baseline.fields.map(read);
  const peers = baseline.peers === null ? null : read(baseline.peers);
  return {
    groups: (event) => tuples(groupBy.map((values) => values(event))),
    parts(event) {
      const values = fields.map((one) => one(event));
      const parts = baseline.atLeast > 0 ? values : [termsOf(values)];
      if (peers !== null) parts.push(peers(event));
      return parts;
    },
  };
}

function observationsOf({ groups, parts }: Observer, event: unknown): Observation[] {
  const found = groups(event);
  if (found.length === 0) return [];
  const seen = parts(event);
  return found.map((group) => ({ group, parts: seen }));
}

/** One term of all fields: a field that is missing stands empty, but not all of them. */
function termsOf(values: readonly (readonly string[])[]): string[] {
  if (values.every((found) => found.length === 0)) return [];
  return tuples(values.map((found) => (found.length === 0 ? [''] : found))).map(termText);
}

/** A term as text: the value itself, of several fields their list. */
const termText = (tuple: readonly string[]): string =>
  tuple.length === 1 ? (tuple[0] as string) : JSON.stringify(tuple);

/** The values that a term of a baseline stands for, field by field. */
export function termValues(baseline: Baseline, term: string): readonly string[] {
  return baseline.atLeast > 0 || baseline.fields.length === 1 ? [term] : (JSON.parse(term) as string[]);
}

/** One value of each list, in all ways; none if a list is empty. */
function tuples(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>(
    (all, list) => all.flatMap((one) => list.map((item) => [...one, item])).slice(0, MOST_VALUES),
    [[]],
  );
}

/** The part of baselines that looks at events: it asks nothing of the past. Baselines over columns are left out unless asked for. */
export function baselineMapper(
  baselines: readonly LinkedBaseline[],
  options: Pick<SigmaOptions, 'aliases' | 'resolver'>,
  all = false,
): (event: unknown, met: readonly LinkedBaseline['rules'][number][]) => BaselineItem[] {
  const field = fieldFinder(options);
  const observers = baselines.flatMap((one, index) =>
    all || !one.isColumnar ? [{ index, rules: one.rules, observer: observerOf(one.baseline, field) }] : [],
  );
  const byRule = Map.groupBy(
    observers.flatMap((observer) => observer.rules.map((rule) => ({ rule, observer }))),
    ({ rule }) => rule,
  );
  return (event, met) => {
    const asked = new Set(met.flatMap((rule) => (byRule.get(rule) ?? []).map(({ observer }) => observer)));
    if (asked.size === 0) return [];
    return [...asked]
      .sort((a, b) => a.index - b.index)
      .flatMap(({ index, observer }) =>
        observationsOf(observer, event).map((observation) => ({ baseline: index, ...observation })),
      );
  };
}

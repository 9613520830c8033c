import { type FieldFinder, fieldFinder, type SigmaOptions } from '../../sigma/sigma.ts';
import type { Activity, ActivityCell } from './activity.ts';
import type { Cells } from './cells.ts';
import { COLUMNS, type Column, type ColumnValues, columnsOf, eventOfColumns, type Ids } from './column-fields.ts';
import { fieldsOf, type LinkedBaseline } from './link-baselines.ts';
import { type Observation, observerOf } from './observe.ts';

/** Answers remembered; past that one starts afresh. */
const MOST_REMEMBERED = 200_000;

/** Asks something that a few columns decide, once for each of their combinations. */
function overColumns<T>(columns: readonly Column[], ask: (ids: Ids) => T): (ids: Ids) => T {
  const places = columns.map((column) => COLUMNS.indexOf(column));
  return places.length === 1 ? overOne(places[0] as number, ask) : overMany(places, ask);
}

function overOne<T>(place: number, ask: (ids: Ids) => T): (ids: Ids) => T {
  const known = new Map<number, T>();
  return (ids) => remembered(known, ids[place] as number, () => ask(ids));
}

function overMany<T>(places: readonly number[], ask: (ids: Ids) => T): (ids: Ids) => T {
  const known = new Map<string, T>();
  return (ids) => {
    let key = '';
    for (const place of places) key += `${ids[place]},`;
    return remembered(known, key, () => ask(ids));
  };
}

function remembered<Key, T>(known: Map<Key, T>, key: Key, find: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MOST_REMEMBERED) known.clear();
  const answer = find();
  known.set(key, answer);
  return answer;
}

const columnsFor = (fields: readonly string[]): readonly Column[] => columnsOf(fields) ?? COLUMNS;

/** Whether a combination of columns meets one of the baseline's rules. */
function meets({ rules }: LinkedBaseline, values: ColumnValues): (ids: Ids) => boolean {
  const tests = rules.map((rule) => {
    const columns = columnsFor(rule.fieldNames());
    return overColumns(columns, (ids) => rule.matches(eventOfColumns(ids, columns, values)));
  });
  return (ids) => tests.some((test) => test(ids));
}

/** Whether some baseline counts a combination by the hour. */
export function isHourly(baselines: readonly LinkedBaseline[], values: ColumnValues): (ids: Ids) => boolean {
  const tests = baselines
    .filter(({ isColumnar, baseline }) => isColumnar && baseline.type === 'spike')
    .map((linked) => meets(linked, values));
  return (ids) => tests.some((test) => test(ids));
}

/** Columns that a baseline over columns asks for. */
export function columnsNeeded({ baseline, rules }: LinkedBaseline): readonly Column[] {
  return columnsFor([...fieldsOf(baseline), ...rules.flatMap((rule) => rule.fieldNames())]);
}

/** A baseline over columns, where its counts go, and for which of the levels requests are excluded. */
export interface ColumnCollector {
  readonly linked: LinkedBaseline;
  readonly cells: Cells;
  readonly level: number;
}

/** Takes what baselines over columns look at out of the activity of a case. */
export function collectColumns(
  collectors: readonly ColumnCollector[],
  activity: Activity,
  values: ColumnValues,
  options: Pick<SigmaOptions, 'aliases' | 'resolver'>,
): void {
  const field = fieldFinder(options);
  const observers = collectors.map(({ linked }) => observed(linked, values, field));
  const deedsOf = (ids: Ids) =>
    collectors.flatMap(({ cells, level }, index) => {
      const observations = observers[index]?.(ids) ?? [];
      return observations.length === 0 ? [] : [{ cells, level, observations }];
    });
  const deeds: ReturnType<typeof deedsOf>[] = [];
  for (const cell of activity.cells()) {
    const cluster = values.text(cell.ids[COLUMNS.length] as number);
    const own = deeds[cell.combination] ?? deedsOf(cell.ids);
    deeds[cell.combination] = own;
    for (const { cells, level, observations } of own) {
      const seen = seenOf(cell, level);
      for (const observation of observations) cells.add(cluster, observation, seen);
    }
  }
}

/** What a combination of columns shows the baseline: nothing if it meets none of its rules. */
function observed(linked: LinkedBaseline, values: ColumnValues, field: FieldFinder): (ids: Ids) => Observation[] {
  const columns = columnsFor(fieldsOf(linked.baseline));
  const isMet = meets(linked, values);
  const observe = observerOf(linked.baseline, field);
  const read = overColumns(columns, (ids) => observe(eventOfColumns(ids, columns, values)));
  return (ids) => (isMet(ids) ? read(ids) : []);
}

const seenOf = ({ firstUs, event, count, excluded }: ActivityCell, level: number) => ({
  timeUs: firstUs,
  event,
  count,
  excluded: excluded[level] ?? 0,
});

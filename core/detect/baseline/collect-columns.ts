import type { AuditEvent } from '../../event/audit-event.ts';
import { fieldFinder, knownFrom, type SigmaOptions, type SigmaRule } from '../../sigma/sigma.ts';
import { KeyTable } from '../../store/key-table.ts';
import { ALL_FIELDS, eventOfKind, mightHold } from '../coverage/recorded-event.ts';
import { type Activity, WIDTH } from './activity.ts';
import type { Baseline } from './baseline.ts';
import type { CellGroup, Cells } from './cells.ts';
import { COLUMNS, type Column, type ColumnValues, columnsOf, eventOfColumns, type Ids } from './column-fields.ts';
import { fieldsOf, type LinkedBaseline } from './link-baselines.ts';
import { observerOf } from './observe.ts';

/** Answers remembered; past that one starts afresh. */
const MOST_REMEMBERED = 200_000;

/** Stands behind the columns of a combination. */
const CLUSTER = 'cluster';

/** Asks something that a few columns decide, once for each of their combinations. */
function overColumns<T>(columns: readonly (Column | typeof CLUSTER)[], ask: (ids: Ids) => T): (ids: Ids) => T {
  const places = columns.map((column) => (column === CLUSTER ? COLUMNS.length : COLUMNS.indexOf(column)));
  return places.length === 1 ? overOne(places[0] as number, ask) : overMany(places, ask);
}

function overOne<T>(place: number, ask: (ids: Ids) => T): (ids: Ids) => T {
  const known = new Map<number, T>();
  return (ids) => {
    const id = ids[place] as number;
    return known.get(id) ?? remember(known, id, ask(ids));
  };
}

function overMany<T>(places: readonly number[], ask: (ids: Ids) => T): (ids: Ids) => T {
  const key = new Int32Array(places.length);
  let table = new KeyTable(places.length);
  let known: T[] = [];
  return (ids) => {
    for (let at = 0; at < key.length; at++) key[at] = ids[places[at] as number] as number;
    if (table.size >= MOST_REMEMBERED) [table, known] = [new KeyTable(places.length), []];
    const size = table.size;
    const number = table.find(key);
    if (number > size) known[number] = ask(ids);
    return known[number] as T;
  };
}

function remember<Key, T>(known: Map<Key, T>, key: Key, answer: T): T {
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, answer);
  return answer;
}

const columnsFor = (fields: readonly string[]): readonly Column[] => columnsOf(fields) ?? COLUMNS;

/** One combination of columns at a time, asked what rules it meets. */
class Combination {
  readonly #values: ColumnValues;
  /** By operation, the rules that it does not rule out already. */
  readonly #possible = new Map<number, ReadonlySet<SigmaRule>>();
  readonly #rules: readonly SigmaRule[];
  readonly #columns: readonly Column[];
  #ids: Ids = [];
  #event: AuditEvent | null = null;

  /** `columns`: those that the rules, and whoever looks at the event, ask for. */
  constructor(rules: readonly SigmaRule[], columns: readonly Column[], values: ColumnValues) {
    this.#rules = rules;
    this.#columns = columns;
    this.#values = values;
  }

  turnTo(ids: Ids): void {
    this.#ids = ids;
    this.#event = null;
  }

  /** Says what those columns say. */
  get event(): AuditEvent {
    this.#event ??= eventOfColumns(this.#ids, this.#columns, this.#values);
    return this.#event;
  }

  /** Whether it meets one of the rules: most are out by the operation alone. */
  get isMet(): boolean {
    for (const rule of this.possible) if (rule.matches(this.event)) return true;
    return false;
  }

  /** The rules that its operation leaves open. */
  get possible(): ReadonlySet<SigmaRule> {
    return this.#rulesFor(this.#ids[OPERATION] as number);
  }

  /** Whether an operation leaves it open. */
  canMeet(operation: number): boolean {
    return this.#rulesFor(operation).size > 0;
  }

  #rulesFor(operation: number): ReadonlySet<SigmaRule> {
    return this.#possible.get(operation) ?? remember(this.#possible, operation, this.#possibleFor(operation));
  }

  #possibleFor(id: number): ReadonlySet<SigmaRule> {
    const { verb, ...target } = this.#values.operation(id);
    const know = knownFrom(eventOfKind({ verb, target }, ALL_FIELDS), mightHold);
    return new Set(this.#rules.filter((rule) => rule.residual(know) !== false));
  }
}

const OPERATION = COLUMNS.indexOf('operation');

/** Whether some baseline counts a combination by the hour. */
export function isHourly(baselines: readonly LinkedBaseline[], values: ColumnValues): (ids: Ids) => boolean {
  const spikes = baselines.filter(({ isColumnar, baseline }) => isColumnar && baseline.type === 'spike');
  const rules = [...new Set(spikes.flatMap((one) => one.rules))];
  const combination = new Combination(rules, columnsFor(rules.flatMap((rule) => rule.fieldNames())), values);
  const asking = new Map(
    rules.map((rule) => [rule, overColumns(columnsFor(rule.fieldNames()), () => rule.matches(combination.event))]),
  );
  return (ids) => {
    combination.turnTo(ids);
    for (const rule of combination.possible) if (asking.get(rule)?.(ids)) return true;
    return false;
  };
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
  /** Called between parts of it: what was used up by then may be given back. */
  readonly rest: () => void;
}

/** Combinations, and cells, that are one part of the work. */
const PART = 1 << 16;

/** Takes what a baseline over columns looks at out of the activity of a case. */
export function collectColumns(
  { linked, cells, level, rest }: ColumnCollector,
  activity: Activity,
  values: ColumnValues,
  options: Pick<SigmaOptions, 'aliases' | 'resolver'>,
): void {
  const combination = new Combination(linked.rules, columnsNeeded(linked), values);
  const groupsOf = grouperOf(linked.baseline, cells, values, options);
  const isMet = overColumns(columnsFor(linked.rules.flatMap((rule) => rule.fieldNames())), () => combination.isMet);
  /** Where a request counts more than once: most count for one group, and its number does. */
  const several: CellGroup[][] = [];
  const ids = new Int32Array(WIDTH);
  const found = new Int32Array(activity.combinations + 1);
  for (let number = 1; number < found.length; number++) {
    if (number % PART === 0) rest();
    if (!combination.canMeet(activity.idOf(number, OPERATION))) continue;
    activity.readIds(number, ids);
    combination.turnTo(ids);
    if (!isMet(ids)) continue;
    const groups = groupsOf(ids);
    found[number] = groups.length < 2 ? (groups[0] ?? 0) : -several.push(groups);
  }
  let visited = 0;
  activity.visitCells(found, level, (group, counted) => {
    if (++visited % PART === 0) rest();
    if (group > 0) cells.addTo(group, counted);
    else for (const one of several[-group - 1] as CellGroup[]) cells.addTo(one, counted);
  });
}

/**
 * The groups that a combination counts for. Whose they are and what is seen of them is asked apart, each once for what decides it:
 * there are far fewer names, and sets of terms, than combinations of them.
 */
function grouperOf(
  baseline: Baseline,
  cells: Cells,
  values: ColumnValues,
  options: Pick<SigmaOptions, 'aliases' | 'resolver'>,
): (ids: Ids) => CellGroup[] {
  const observer = observerOf(baseline, fieldFinder(options));
  const named = columnsFor(baseline.groupBy);
  const seen = columnsFor(fieldsOf({ ...baseline, groupBy: [] }));
  const namesOf = overColumns([...named, CLUSTER], (ids) => {
    const cluster = values.text(ids[COLUMNS.length] as number);
    return observer.groups(eventOfColumns(ids, named, values)).map((group) => cells.nameOf(cluster, group));
  });
  const partsOf = overColumns(seen, (ids) => cells.partsOf(observer.parts(eventOfColumns(ids, seen, values))));
  return (ids) => namesOf(ids).map((name) => cells.groupAt(name, partsOf(ids)));
}

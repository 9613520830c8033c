import { LEVELS } from '../contract/rows.ts';
import { Activity, WIDTH } from '../detect/baseline/activity.ts';
import { Cells, type CompareProofs } from '../detect/baseline/cells.ts';
import { collectColumns, columnsNeeded, isHourly } from '../detect/baseline/collect-columns.ts';
import { COLUMNS } from '../detect/baseline/column-fields.ts';
import {
  type BaselineOutcome,
  type Collected,
  excludedLevels,
  finishBaselines,
  levelsOf,
} from '../detect/baseline/finish-baselines.ts';
import type { Prior } from '../detect/baseline/judge.ts';
import type { LinkedBaseline } from '../detect/baseline/link-baselines.ts';
import { requestOf } from '../detect/correlate.ts';
import type { ProvenEvent } from '../detect/finish.ts';
import { EventMapper, tellingOf } from '../detect/map.ts';
import type { Pack } from '../detect/pack.ts';
import type { ColumnReader } from '../store/column-reader.ts';
import type { Finding } from '../store/findings.ts';
import { eventOf } from './event-rows.ts';
import { giveBack } from './give-back.ts';
import type { KnownEvents, ProvenHits } from './proven-hit.ts';

export interface BaselineRun {
  readonly pack: Pack;
  /** Events that meet rules, with what baselines remember of them. */
  readonly hits: ProvenHits;
  /** What rules and correlations found: nothing is learnt from the grave ones. */
  readonly findings: readonly Finding[];
  readonly activity: ColumnReader;
  readonly events: KnownEvents;
  /** What was learnt elsewhere, by number of the baseline and JSON of the group. */
  readonly priors?: ReadonlyMap<number, ReadonlyMap<string, Prior>>;
}

/** Only what lies between these times, in microseconds, both included. */
export interface Period {
  readonly fromUs: number;
  readonly toUs: number;
}

const ALWAYS: Period = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };

/** What the baselines of a pack make of a case. */
export function runBaselines(run: BaselineRun): BaselineOutcome {
  if (run.pack.baselines.length === 0) return { hits: [], states: [] };
  const { collect, endUs, compare } = collectHabits(run);
  return finishBaselines({
    pack: run.pack,
    collect,
    priors: run.priors ?? new Map(),
    endUs,
    compare,
    rest: giveBack,
    prove: proverOf(run),
  });
}

/** Reads events that prove something; those that met rules are known already. */
export function proverOf({
  pack,
  hits,
  events,
}: Pick<BaselineRun, 'pack' | 'hits' | 'events'>): (event: number) => ProvenEvent {
  let mapper: EventMapper | null = null;
  return (event) => {
    mapper ??= new EventMapper(pack);
    return hits.of(event) ?? proven(event, pack, mapper, events);
  };
}

function proven(id: number, pack: Pack, mapper: EventMapper, events: KnownEvents): ProvenEvent {
  const fields = events.get(id);
  if (fields === undefined) throw new Error(`event ${id} proves something but is not there`);
  const event = eventOf(events.reader, id);
  const proof = { ...mapper.proofOf([], event), telling: tellingOf(pack, [], event) };
  return { id, fields, proof, outcome: proof.outcome, rules: [] };
}

/** The order of events by time and identity. */
export function proofOrder(reader: ColumnReader): CompareProofs {
  const identities = new Map<number, string>();
  const identityOf = (event: number) => {
    const known = identities.get(event) ?? reader.identityOf(event);
    identities.set(event, known);
    return known;
  };
  return (a, b) =>
    a.timeUs - b.timeUs || (a.event === b.event ? 0 : identityOf(a.event) < identityOf(b.event) ? -1 : 1);
}

/** All that baselines have to know of a case, counted when it is asked for. */
export function collectHabits(
  run: Pick<BaselineRun, 'pack' | 'hits' | 'findings' | 'activity'>,
  period: Period = ALWAYS,
): { collect: (baseline: number) => Collected; endUs: number; compare: CompareProofs } {
  const { pack, activity: reader } = run;
  const compare = proofOrder(reader);
  const excluded = levelsOf(run.findings);
  const levels = excludedLevels(pack);
  const activity = new Activity({
    isBefore: (event, other) => reader.identityOf(event) < reader.identityOf(other),
    isHourly: isHourly(pack.baselines, reader),
    levels: levels.length,
  });
  const endUs = fillActivity(activity, reader, period, (event) => {
    const level = excluded.get(event);
    return level === undefined ? 0 : levels.filter((one) => one <= level).length;
  });
  giveBack();
  const items = Map.groupBy(habitItems(run, excluded, period), ({ item }) => item.baseline);
  const collect = (index: number): Collected => {
    giveBack();
    const linked = pack.baselines[index] as LinkedBaseline;
    const lost = linked.isColumnar ? columnsNeeded(linked).filter((one) => activity.leftOut.includes(one)) : [];
    const cells = new Cells(linked.baseline, compare);
    if (lost.length > 0) return { cells, blindness: `too many different values of ${lost.join(', ')}` };
    const level = levels.indexOf(LEVELS.indexOf(linked.baseline.excludeRulesAt));
    if (linked.isColumnar) collectColumns({ linked, cells, level, rest: giveBack }, activity, reader, pack.options);
    for (const { cluster, item, seen } of items.get(index) ?? []) cells.add(cluster, item, seen);
    giveBack();
    return { cells, blindness: null };
  };
  return { collect, endUs, compare };
}

/** @returns the time of the last event */
function fillActivity(
  activity: Activity,
  reader: ColumnReader,
  { fromUs, toUs }: Period,
  excludedFor: (event: number) => number,
): number {
  const weightFor = byId((answer) => weightOf(reader.answer(answer)));
  const clusterFor = byId((reading) => reader.clusterOf(reading));
  const ids = new Int32Array(WIDTH);
  const counted = { event: 0, timeUs: 0, ids, weight: 0 };
  let endUs = Number.NEGATIVE_INFINITY;
  for (const batch of reader.batches()) {
    giveBack();
    const columns = COLUMNS.map((column) => batch[column]);
    for (let row = 0; row < batch.count; row++) {
      const timeUs = batch.time(row);
      if (Number.isNaN(timeUs) || timeUs < fromUs || timeUs > toUs) continue;
      if (timeUs > endUs) endUs = timeUs;
      counted.weight = weightFor(batch.answer[row] as number);
      if (counted.weight < 0) continue;
      for (let at = 0; at < COLUMNS.length; at++) ids[at] = (columns[at] as Int32Array)[row] as number;
      ids[COLUMNS.length] = clusterFor(batch.reading[row] as number);
      counted.timeUs = timeUs;
      counted.event = batch.firstEvent + row;
      activity.add(counted, excludedFor(counted.event));
    }
  }
  return endUs;
}

/** Asks once for each id of a dictionary. */
function byId(find: (id: number) => number): (id: number) => number {
  const known: number[] = [];
  return (id) => {
    const found = known[id];
    if (found !== undefined) return found;
    const value = find(id);
    known[id] = value;
    return value;
  };
}

/**
 * A request counts by its last stage. ResponseStarted shows that something was done, but ResponseComplete counts it; a
 * rejected credential (401) leaves nothing else. What was only received is told by a later stage: -1.
 */
function weightOf({ stage, code }: ReturnType<ColumnReader['answer']>): number {
  if (stage === 'RequestReceived') return -1;
  return stage === 'ResponseStarted' && code !== 401 ? 0 : 1;
}

/** What hits tell baselines that look at them event by event; the stages of a request count once. */
function habitItems(
  { pack, hits }: Pick<BaselineRun, 'pack' | 'hits'>,
  excluded: ReadonlyMap<number, number>,
  { fromUs, toUs }: Period,
) {
  const habitual = hits.holding('habits');
  const times = new Set(Array.from(habitual, ({ fields }) => fields.time));
  const levels = new Map<string, number>();
  for (const hit of hits) {
    const level = excluded.get(hit.id);
    if (level === undefined || !times.has(hit.fields.time)) continue;
    const request = requestOf(hit);
    levels.set(request, Math.max(level, levels.get(request) ?? -1));
  }
  giveBack();
  return [...itemsOf(pack, habitual, levels, { fromUs, toUs })];
}

/** Hits between two looks at what they have used up: what is read of one is forgotten with it. */
const PART = 1 << 14;

function* itemsOf(pack: Pack, hits: ProvenHits, levels: ReadonlyMap<string, number>, { fromUs, toUs }: Period) {
  const counted = new Set<string>();
  let read = 0;
  for (const hit of hits) {
    if (++read % PART === 0) giveBack();
    const { time, cluster } = hit.fields;
    if (time === null || time < fromUs || time > toUs) continue;
    const request = requestOf(hit);
    for (const item of hit.proof.habits ?? []) {
      const least = LEVELS.indexOf(pack.baselines[item.baseline]?.baseline.excludeRulesAt ?? 'medium');
      const key = `${item.baseline} ${request} ${JSON.stringify([item.group, item.parts])}`;
      const count = counted.has(key) ? 0 : 1;
      counted.add(key);
      const isExcluded = (levels.get(request) ?? -1) >= least;
      const seen = { timeUs: time, event: hit.id, count, excluded: isExcluded ? count : 0 };
      yield { cluster, item, seen };
    }
  }
}

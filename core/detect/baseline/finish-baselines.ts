import { LEVELS } from '../../contract/rows.ts';
import { formatTime } from '../../event/time.ts';
import type { Finding } from '../../store/findings.ts';
import type { ProvenEvent, RuleHits } from '../finish.ts';
import type { Pack, PackRule } from '../pack.ts';
import { packBaselines } from '../pack.ts';
import type { Baseline } from './baseline.ts';
import { type Cell, type Cells, type CompareProofs, DAY_US } from './cells.ts';
import type { Prior, Report } from './judge.ts';
import { judgeBaseline, type Reached, startOf } from './judge-baseline.ts';
import type { LinkedBaseline } from './link-baselines.ts';
import { termValues } from './observe.ts';
import { explain, termText } from './tell.ts';

/** How far a baseline got with learning: what coverage says of it. */
export interface LearningState {
  readonly rule: PackRule['facts'];
  /** Requests that it looked at. */
  readonly eventsSeen: number;
  /** From when on something could be judged, RFC 3339; null: never, and then `reason` says why. */
  readonly readyFrom: string | null;
  readonly reason: string | null;
  /** Nothing is judged since there was more than can be kept. */
  readonly isCapped: boolean;
}

/** What one baseline has collected over the case. */
export interface Collected {
  readonly cells: Cells;
  /** Why nothing can be judged although there are cells, or null. */
  readonly blindness: string | null;
}

export interface BaselineInput {
  readonly pack: Pack;
  /** What the baseline with this number in the pack has to know: one is judged and forgotten before the next is counted. */
  collect(baseline: number): Collected;
  /** What another case has taught: by number of the baseline, by JSON of the group-by values. */
  readonly priors: ReadonlyMap<number, ReadonlyMap<string, Prior>>;
  /** Time of the last event of the case. */
  readonly endUs: number;
  readonly compare: CompareProofs;
  /** Called between parts of it: what was used up by then may be given back. */
  readonly rest?: () => void;
  /** Reads an event that proves a report. */
  prove(event: number): ProvenEvent;
}

export interface BaselineOutcome {
  readonly hits: readonly RuleHits[];
  readonly states: readonly LearningState[];
}

/** Events that prove one alert. */
const MOST_PROOFS = 100;

/** The last part of baselines: from what was counted to alerts. Order and split of the evidence leave no trace. */
export function finishBaselines(input: BaselineInput): BaselineOutcome {
  const rules = packBaselines(input.pack);
  const judged = input.pack.baselines.map((linked, index) => judgeOne(input, linked, index, rules[index] as PackRule));
  const drafts = judged.flatMap(({ drafts: own }) => own);
  // In the order in which events are kept, so that each block is unpacked once.
  const ids = [...new Set(drafts.flatMap(({ events }) => events))].sort((a, b) => a - b);
  const proven = new Map(ids.map((event) => [event, input.prove(event)]));
  const hits = drafts.map(({ events, hit }) => ({
    ...hit,
    events: events.flatMap((event) => proven.get(event) ?? []),
  }));
  return { hits, states: judged.map(({ state }) => state) };
}

/** An alert with the ids of the events that prove it. */
interface Draft {
  readonly events: readonly number[];
  readonly hit: Omit<RuleHits, 'events'>;
}

function judgeOne(
  input: BaselineInput,
  { baseline }: LinkedBaseline,
  index: number,
  rule: PackRule,
): { drafts: Draft[]; state: LearningState } {
  const { cells, blindness } = input.collect(index);
  const full = cells.isFull ? 'there is more to learn than can be kept' : null;
  const state = { rule: rule.facts, eventsSeen: cells.count, isCapped: blindness !== null || full !== null };
  if (blindness !== null || full !== null)
    return { drafts: [], state: { ...state, readyFrom: null, reason: blindness ?? full } };
  const { reached, episodes } = judgeBaseline(baseline, cells, {
    priors: input.priors.get(index) ?? new Map(),
    endUs: input.endUs,
    compare: input.compare,
    ...(input.rest !== undefined && { rest: input.rest }),
  });
  const drafts = episodes.map((reports) => draftOf(input, baseline, rule, reports));
  return { drafts, state: { ...state, ...readiness(baseline, reached) } };
}

function readiness(
  { minimum, isReturning, learnUs }: Baseline,
  { readyUs, days, events }: Reached,
): Pick<LearningState, 'readyFrom' | 'reason'> {
  if (readyUs !== null) return { readyFrom: formatTime(readyUs), reason: null };
  const needs = `${minimum.days} days and ${minimum.events} requests are needed`;
  const silence = isReturning ? `, then ${learnUs / DAY_US} days of silence` : '';
  const seen = `the longest history has ${days} days and ${events} requests`;
  return { readyFrom: null, reason: `no learning period: ${needs}${silence}, ${seen}` };
}

function draftOf(input: BaselineInput, baseline: Baseline, rule: PackRule, reports: readonly Report[]): Draft {
  const first = reports[0] as Report;
  const proofs = reports.flatMap((report) => report.cells.flatMap(({ proofs: own }: Cell) => own));
  const different = [...new Map(proofs.map((proof) => [proof.event, proof])).values()].sort(input.compare);
  const events = different.slice(0, MOST_PROOFS).map(({ event }) => event);
  const groups = new Set(reports.map(({ group }) => group));
  const others = groups.size === 1 ? '' : `, and ${groups.size - 1} more like it`;
  const { learned } = first;
  const fresh = [...new Set(reports.flatMap((report) => report.fresh.flat()))];
  const said = {
    explanation: explain(baseline, reports) + others,
    learned: {
      from: formatTime(learned.fromUs),
      to: formatTime(learned.toUs),
      events: learned.events,
      known: learned.known,
      values: learned.values.map((term) => termText(baseline, term)),
      new: fresh.map((term) => termText(baseline, term)),
    },
    matched: reports.flatMap((report) => matchedOf(baseline, report)),
  };
  return { events, hit: { rule: rule.facts, group: groups.size === 1 ? groupOf(baseline, first.group) : {}, said } };
}

function groupOf({ groupBy }: Baseline, group: string): Record<string, string> {
  const values = JSON.parse(group).slice(1) as string[];
  return Object.fromEntries(groupBy.map((name, index) => [name, values[index] ?? '']));
}

function matchedOf(baseline: Baseline, report: Report): { event: number; field: string; value: unknown }[] {
  const { event } = startOf(report);
  if (report.spike !== undefined) return [{ event, field: 'count', value: report.spike.count }];
  return report.fresh.flatMap((terms, part) =>
    terms.flatMap((term) =>
      termValues(baseline, term)
        .map((value, index) => ({
          event,
          field: baseline.fields[baseline.atLeast > 0 ? part : index] ?? '',
          value,
        }))
        .filter(({ value }) => value !== ''),
    ),
  );
}

/** The levels from which baselines learn nothing, each once, lowest first. */
export function excludedLevels(pack: Pack): number[] {
  const levels = pack.baselines.map(({ baseline }) => LEVELS.indexOf(baseline.excludeRulesAt));
  return [...new Set(levels)].sort((a, b) => a - b);
}

/** For each event of an alert, the level of its highest alert, as an index into LEVELS. */
export function levelsOf(findings: readonly Finding[]): Map<number, number> {
  const levels = new Map<number, number>();
  for (const { level, events } of findings) {
    for (const event of events) levels.set(event, Math.max(levels.get(event) ?? 0, LEVELS.indexOf(level)));
  }
  return levels;
}

import { createHash } from 'node:crypto';
import type { LogGap, RunWarning } from '../contract/rows.ts';
import { type BaselineAbout, joinPriors, type ReadBaseline, writeBaseline } from '../detect/baseline/baseline-file.ts';
import { correlate } from '../detect/correlate.ts';
import { type Covered, coverageOf } from '../detect/coverage/coverage.ts';
import { coverageSubjects } from '../detect/coverage/subjects.ts';
import { crowdWarnings, withoutCrowds } from '../detect/crowds.ts';
import { type Draft, draftsOf, finish, MOST_TOGETHER, type Tell, tellAll } from '../detect/finish.ts';
import { gapsOf } from '../detect/gaps/gaps.ts';
import type { RuleFiles } from '../detect/load-rules.ts';
import { tellingOf } from '../detect/map.ts';
import { compilePack, type Pack, type PackRule, packBaselines, packCorrelations, packRules } from '../detect/pack.ts';
import type { RuleCosts } from '../detect/rule-costs.ts';
import { parseTime } from '../event/time.ts';
import { CaseError } from '../fault.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { ColumnReader } from '../store/column-reader.ts';
import type { EventReader } from '../store/event-reader.ts';
import type { Finding, RunRule } from '../store/findings.ts';
import type { EventHit } from '../store/hit-spool.ts';
import type { IndicatorLists } from '../store/indicators.ts';
import type { Observation } from '../store/observation.ts';
import type { CallContext, DetectOutcome } from './api.ts';
import { readBaselineFiles } from './baseline-files.ts';
import { collectHabits, type Period, proofOrder, proverOf, runBaselines } from './baselines.ts';
import { eventOf } from './event-rows.ts';
import { giveBack } from './give-back.ts';
import { indicatorCoverage, runIndicators } from './indicators.ts';
import { type Matched, type MatchTools, matchStored } from './match-stored.ts';
import { KnownEvents, ProvenHits } from './proven-hit.ts';
import { tellOf } from './stories.ts';
import { markSuppressed } from './suppressions.ts';

/** Rules ready to be run: their files for the workers and for the record, and compiled here for what alerts carry. */
export interface LoadedRules extends RuleFiles {
  readonly pack: Pack;
  /** What other cases have taught. */
  readonly taught: readonly ReadBaseline[];
}

/** What a run found. */
export interface Found {
  readonly findings: readonly Finding[];
  readonly coverage: readonly Covered[];
  readonly profile: DetectOutcome['profile'];
  readonly events: number;
  /** Limits that were reached. */
  readonly warnings: readonly RunWarning[];
  /** Columns of events that were read for it. */
  readonly known: KnownEvents;
}

/** Compiles rules. Raises `rule/invalid` with all problems if any rule is wrong. */
export function compileRules(files: RuleFiles): LoadedRules {
  const pack = compilePack(files.set);
  const errors = pack.problems.filter((problem) => problem.severity === 'error');
  const first = errors[0];
  if (first === undefined) return { ...files, pack, taught: readBaselineFiles(pack, files.baselines) };
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more problems)`;
  throw new CaseError('rule/invalid', `${first.path}:${first.line}:${first.column}: ${first.message}${more}`, {
    hint: 'See all problems with `decklog rules check <path>`.',
    at: { path: first.path, line: first.line, column: first.column },
    problems: errors,
  });
}

/** What findings are made from, besides hits. */
interface FindingSources {
  readonly events: EventReader;
  readonly activity: ColumnReader;
  /** What the log has recorded, and where it is silent. */
  readonly recorded: Observation;
  readonly gaps: readonly LogGap[];
  readonly indicators: IndicatorLists;
  /** Time of the last event. */
  readonly endUs: number | null;
}

function readersOf(store: CaseStore): FindingSources {
  return {
    events: store.events,
    activity: store.columnReader(),
    ...recordedIn(store),
    indicators: store.indicators,
    endUs: parseTime(store.glance().lastTime),
  };
}

/** Gaps of the evidence that a case holds: they depend on nothing else. */
const knownGaps = new WeakMap<CaseStore, { readonly version: string; readonly gaps: readonly LogGap[] }>();

export function gapsIn(store: CaseStore): readonly LogGap[] {
  const known = knownGaps.get(store);
  return known?.version === evidenceVersion(store) ? known.gaps : recordedIn(store).gaps;
}

/** What a log has recorded and when it was silent, kept while the evidence stays: a draft of a rule asks at every pause. */
const seenBefore = new WeakMap<
  CaseStore,
  { readonly version: string; readonly recorded: Observation; readonly gaps: readonly LogGap[] }
>();

export function seenIn(store: CaseStore): { readonly recorded: Observation; readonly gaps: readonly LogGap[] } {
  const version = evidenceVersion(store);
  const known = seenBefore.get(store);
  if (known?.version === version) return known;
  const { recorded, gaps } = recordedIn(store);
  const seen = { version, recorded, gaps: gaps.filter(isSilent) };
  seenBefore.set(store, seen);
  return seen;
}

/** An import did not come to its end: what was known of its evidence is of no other. */
export const forgetGaps = (store: CaseStore): boolean => knownGaps.delete(store);

function evidenceVersion(store: CaseStore): string {
  const { evidence, events } = store.glance();
  return `${evidence} ${events}`;
}

/** What a log has recorded, and what is missing in it. */
function recordedIn(store: CaseStore): { readonly recorded: Observation; readonly gaps: readonly LogGap[] } {
  const recorded = store.observe();
  const found = gapsOf({
    ledger: store.ledger(),
    rhythm: store.rhythm(),
    observed: recorded,
    conflicts: store.conflicts(),
    skews: store.skews(),
  });
  knownGaps.set(store, { version: evidenceVersion(store), gaps: found });
  return { recorded, gaps: found };
}

/** From hits to findings. */
function findingsOf(
  rules: LoadedRules,
  hits: readonly EventHit[],
  sources: FindingSources,
  events: number,
  costs: RuleCosts | null,
): Found {
  const { pack } = rules;
  const { events: reader, activity, recorded, gaps, indicators, endUs } = sources;
  const known = new KnownEvents(reader);
  const { all, findings: own, states } = alertsFrom(pack, hits, { events: known, activity }, rules.taught);
  const listed = runIndicators({
    lists: indicators,
    columns: activity,
    hits: all.holding('images'),
    compare: proofOrder(activity),
    endUs,
    prove: proverOf({ pack, hits: all, events: known }),
  });
  const findings = [...own, ...finish(withoutCrowds(listed.hits), tellerOf(pack, reader))];
  return {
    findings,
    coverage: [
      ...coverageOf(coverageSubjects(pack, findings, states), recorded, gaps.filter(isSilent)),
      ...indicatorCoverage(indicators.all(), findings, { images: listed.images, events, endUs }),
    ],
    profile: costs === null ? [] : profileOf(pack, costs),
    events,
    warnings: [
      ...states.flatMap(({ rule, reason, isCapped }): RunWarning[] =>
        isCapped ? [{ kind: 'baseline', text: `${rule.title} learnt nothing: ${reason}.` }] : [],
      ),
      ...crowdWarnings(findings),
    ],
    known,
  };
}

/** The alerts of rules, correlations and baselines alone, and the events that they come from. */
export function alertsFrom(
  pack: Pack,
  hits: readonly EventHit[],
  { events, activity }: { readonly events: KnownEvents; readonly activity: ColumnReader },
  taught: readonly ReadBaseline[] = [],
): {
  all: ProvenHits;
  findings: readonly Finding[];
  states: ReturnType<typeof runBaselines>['states'];
} {
  const { all, matched } = matchedOf(pack, hits, events);
  giveBack();
  const habits = runBaselines({ pack, hits: all, findings: matched, activity, events, priors: joinPriors(taught) });
  const findings = [...matched, ...finish(withoutCrowds(habits.hits), tellerOf(pack, events.reader))];
  return { all, findings, states: habits.states };
}

/** What rules and correlations alone find, before anything is learnt. */
function matchedOf(pack: Pack, hits: readonly EventHit[], events: KnownEvents) {
  const rules = packRules(pack);
  const all = new ProvenHits(hits, events);
  const tell = tellerOf(pack, events.reader);
  const matched: Finding[] = [];
  let drafts: Draft[] = [];
  const tellOf = (more: readonly Draft[], isLast = false) => {
    drafts.push(...more);
    if (drafts.length < MOST_TOGETHER && !isLast) return;
    for (const finding of tellAll(drafts, tell)) matched.push(finding);
    drafts = [];
  };
  for (const [index, found] of all.byRule(rules.length, (rule) => rules[rule]?.raises === true))
    tellOf(draftsOf([{ rule: (rules[index] as PackRule).facts, index, events: found }]));
  giveBack();
  const joined = withoutCrowds(correlate(pack, all.holding('items')));
  // One after the other: what is read of their events goes with them.
  for (let one = joined.shift(); one !== undefined; one = joined.shift()) {
    events.prepare(one.events.map(({ id }) => id));
    tellOf(draftsOf([one]));
  }
  tellOf([], true);
  return { all, matched };
}

const tellerOf =
  (pack: Pack, reader: EventReader): Tell =>
  ({ fields, proof, rules: met }) =>
    proof.telling ?? tellingOf(pack, met, eventOf(reader, fields.id));

/** The habits that a case shows in a period, as a file for another case. */
export async function habitsOf(
  rules: LoadedRules,
  store: CaseStore,
  { pool, spool }: MatchTools,
  context: CallContext,
  period: Period,
): Promise<{ readonly text: string; readonly about: BaselineAbout }> {
  const { hits } = await matchStored(rules.pack, store, { pool, spool }, context);
  const { pack } = rules;
  const { all, matched } = matchedOf(pack, hits, new KnownEvents(store.events));
  const { collect } = collectHabits({ pack, hits: all, findings: matched, activity: store.columnReader() }, period);
  return writeBaseline(
    pack,
    pack.baselines.map((_, index) => collect(index).cells),
    period,
  );
}

/** Times in which nothing was recorded. */
const isSilent = ({ kind }: LogGap): boolean => kind === 'silence' || kind === 'edge';

function profileOf(pack: Pack, { seen, matched, ms }: RuleCosts): DetectOutcome['profile'] {
  return pack.rules.map(({ id, key, title }, index) => ({
    rule: id ?? key,
    title,
    seen: seen[index] ?? 0,
    matched: matched[index] ?? 0,
    ms: ms[index] ?? 0,
  }));
}

/** From what rules met to findings, written into the case. Belongs into a transaction. */
export function finishRun(
  store: CaseStore,
  rules: LoadedRules,
  { hits, events, costs, kept }: Matched,
  examiner: string,
  time: number,
): Found {
  // Columns are gone over in batches from here on: those of a search are read again when somebody searches.
  store.forgetIndex();
  giveBack();
  return store.overColumns(() => {
    const found = findingsOf(rules, hits, readersOf(store), events, costs);
    recordRun(store, rules, { found, kept }, examiner, time);
    return found;
  });
}

function recordRun(
  store: CaseStore,
  rules: LoadedRules,
  { found, kept }: { readonly found: Found; readonly kept: number },
  examiner: string,
  time: number,
): void {
  const ids = new Map(
    [...packRules(rules.pack), ...packCorrelations(rules.pack), ...packBaselines(rules.pack)].map(({ facts }) => [
      facts.path,
      facts.id,
    ]),
  );
  const texts: RunRule[] = [...rules.set.sources, ...rules.listSources, ...(rules.baselines ?? [])].map((source) => ({
    ruleId: ids.get(source.path) ?? source.path,
    path: source.path,
    sha256: createHash('sha256').update(source.text).digest(),
    text: source.text,
  }));
  giveBack();
  const told = tellOf(store, markSuppressed(store, found.findings), rules.pack.isController, found.known);
  giveBack();
  const carried = store.findings.replace(told.findings, found.coverage, texts, told.stories);
  store.record({
    examiner,
    time,
    name: 'rules/run',
    detail: {
      rules: texts.length,
      alerts: found.findings.length,
      events: found.events,
      ...(kept > 0 && { kept }),
      carried,
      warnings: [...found.warnings, ...told.warnings],
      baselines: rules.taught.map(({ about, passedOver }) => ({ ...about, passedOver })),
      indicators: store.indicators
        .all()
        .map(({ name, date, sha256 }) => ({ name, date, sha256: sha256.toString('hex') })),
      ...(rules.set.mapping && { mapping: rules.set.mapping }),
    },
    changed: ['findings', 'marks'],
  });
}

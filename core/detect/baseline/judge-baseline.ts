import type { Baseline } from './baseline.ts';
import type { Cells, CompareProofs, Proof } from './cells.ts';
import type { Judge, Judgement, Prior, Report } from './judge.ts';
import { judgeNewTerms, judgeReturning } from './new-terms.ts';
import { judgeRare } from './rare.ts';
import { judgeSpike } from './spike.ts';

const JUDGES: Readonly<Record<Baseline['type'], Judge>> = {
  new_terms: judgeNewTerms,
  rare: judgeRare,
  spike: judgeSpike,
};

/** Reports of one group follow each other within this time. */
const EPISODE_US = 6 * 3_600_000_000;
/** Groups that one rule reports within an episode before they are one alert: a roll-out is one thing. */
const MOST_APART = 20;

export interface JudgeInput {
  /** What another case has taught, by JSON of the group-by values. */
  readonly priors: ReadonlyMap<string, Prior>;
  /** Time of the last event of the case. */
  readonly endUs: number;
  readonly compare: CompareProofs;
  /** Called between parts of it: what was used up by then may be given back. */
  readonly rest?: () => void;
}

/** Groups that are one part of the work. */
const PART = 1 << 14;

/** How far the habits of any group were known: the first time, the longest history. */
export type Reached = Pick<Judgement, 'readyUs' | 'days' | 'events'>;

/** What a baseline makes of what it counted: each group is judged, and reports are joined to episodes, one alert each. */
export function judgeBaseline(
  baseline: Baseline,
  cells: Cells,
  { priors, endUs, compare, rest }: JudgeInput,
): { readonly reached: Reached; readonly episodes: readonly (readonly Report[])[] } {
  const judge = baseline.isReturning ? judgeReturning : JUDGES[baseline.type];
  const reports: Report[] = [];
  let reached: Reached = { readyUs: null, days: 0, events: 0 };
  let judged = 0;
  for (const [group, own] of cells.byGroup()) {
    if (++judged % PART === 0) rest?.();
    const prior = priors.size === 0 ? undefined : priors.get(JSON.stringify(JSON.parse(group).slice(1)));
    const judgement = judge(baseline, own, prior, endUs);
    for (const report of judgement.reports) reports.push(report);
    reached = furthest(reached, judgement);
  }
  return { reached, episodes: episodesOf(baseline, reports, compare) };
}

const furthest = (a: Reached, b: Reached): Reached => ({
  readyUs: a.readyUs === null || b.readyUs === null ? (a.readyUs ?? b.readyUs) : Math.min(a.readyUs, b.readyUs),
  days: Math.max(a.days, b.days),
  events: Math.max(a.events, b.events),
});

/** The first event that shows it. */
export const startOf = (report: Report) => report.cells[0]?.first as Proof;

/** One alert per group and episode (of the whole cluster: per term); many groups at once are one. */
function episodesOf(baseline: Baseline, reports: readonly Report[], compare: CompareProofs): Report[][] {
  const scopeOf = (report: Report) =>
    baseline.groupBy.length === 0 ? JSON.stringify([report.group, report.fresh]) : report.group;
  const order = (a: Report, b: Report) => compare(startOf(a), startOf(b)) || (scopeOf(a) < scopeOf(b) ? -1 : 1);
  const sorted = [...reports].sort(order);
  const own = [...Map.groupBy(sorted, scopeOf).values()].flatMap(splitByTime);
  const whole = splitByTime(own.map((episode) => episode[0] as Report).sort(order));
  const byFirst = new Map(own.map((episode) => [episode[0] as Report, episode]));
  return whole.flatMap((firsts) => {
    const episodes = firsts.map((first) => byFirst.get(first) as Report[]);
    return episodes.length > MOST_APART ? [episodes.flat().sort(order)] : episodes;
  });
}

function splitByTime(reports: readonly Report[]): Report[][] {
  const episodes: Report[][] = [];
  for (const report of reports) {
    const current = episodes.at(-1);
    const last = current?.at(-1);
    if (current && last && startOf(report).timeUs - startOf(last).timeUs <= EPISODE_US) current.push(report);
    else episodes.push([report]);
  }
  return episodes;
}

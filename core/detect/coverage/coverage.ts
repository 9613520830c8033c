import type { Coverage, CoveragePart, Gap, Level, Wanted } from '../../contract/rows.ts';
import { formatTime } from '../../event/time.ts';
import type { SigmaRule } from '../../sigma/sigma.ts';
import { type Observation, type ObservedKind, STRETCHES } from '../../store/observation.ts';
import { canFire, type Judgement, judgeRule, type Lack, namesOf } from './judge.ts';
import { KindIndex } from './kinds.ts';
import { type Loss, lossesOf } from './losses.ts';

/** One rule whose silence is to be judged: a rule over events, or one over others. */
export type Sight =
  | { readonly kind: 'rule'; readonly rule: SigmaRule; readonly emptyLists: readonly string[] }
  /** `needsAll`: it cannot fire if one of them cannot; else if none can. */
  | { readonly kind: 'joined'; readonly parts: readonly Sight[]; readonly needsAll: boolean };

/** Of a rule that learns: from when on it could judge something; null: never, for that reason. */
export interface Learning {
  readonly readyFrom: string | null;
  readonly reason: string | null;
}

export interface CoverageSubject {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly alerts: number;
  readonly sight: Sight;
  readonly learning: Learning | null;
}

/** Coverage with what a proposal of an audit policy needs. */
export interface Covered extends Coverage {
  readonly level: Level;
  /** Of a blind rule: what the log would have to hold. */
  readonly wanted: readonly Wanted[];
}

/** What one cluster's log recorded in its whole time, and in the parts of it that lost something. */
interface ClusterLog {
  readonly cluster: string | null;
  readonly whole: KindIndex;
  readonly parts: readonly {
    readonly from: number;
    readonly to: number;
    readonly reasons: readonly string[];
    readonly log: KindIndex;
  }[];
}

/**
 * What each rule could have seen: *fired*; *clean* if an event of the log could have met it; *blind* if none could, which is
 * decided by asking the rule itself about the kinds of events that were recorded. A cluster without, or a part of the time
 * without, is told in `parts`.
 */
export function coverageOf(
  subjects: readonly CoverageSubject[],
  seen: Observation,
  gaps: readonly Gap[],
): readonly Covered[] {
  const logs = logsOf(seen);
  return subjects.map((subject) => ({ level: subject.level, ...judgeSubject(subject, logs, seen, gaps) }));
}

function logsOf(seen: Observation): ClusterLog[] {
  const clusters = [...Map.groupBy(seen.kinds, (kind) => kind.cluster)].sort(([a], [b]) =>
    (a ?? '') < (b ?? '') ? -1 : 1,
  );
  if (clusters.length === 0) clusters.push([null, []]);
  return clusters.map(([cluster, kinds]) => {
    const losses = lossesOf(kinds);
    return { cluster, whole: new KindIndex(kinds, seen.has), parts: partsOf(kinds, losses, seen) };
  });
}

/** The time cut where a loss begins or ends; each part with what was left of the log. */
function partsOf(kinds: readonly ObservedKind[], losses: readonly Loss[], seen: Observation): ClusterLog['parts'] {
  const cuts = [...new Set(losses.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  return cuts.slice(0, -1).flatMap((from, index) => {
    const to = (cuts[index + 1] as number) - 1;
    const active = losses.filter((loss) => loss.from <= from && loss.to >= to);
    if (active.length === 0) return [];
    const left = kinds.flatMap((kind) => withoutLost(kind, active));
    return [{ from, to, reasons: active.map(({ reason }) => reason), log: new KindIndex(left, seen.has) }];
  });
}

function withoutLost(kind: ObservedKind, losses: readonly Loss[]): ObservedKind[] {
  const lost = new Set(losses.filter(({ matches }) => matches(kind)).map((loss) => loss.kind));
  if (lost.has('gone') || (lost.has('answer') && kind.stage !== 'RequestReceived')) return [];
  return [
    {
      ...kind,
      hasRequestBody: kind.hasRequestBody && !lost.has('requestBody'),
      hasResponseBody: kind.hasResponseBody && !lost.has('responseBody'),
    },
  ];
}

function judgeSubject(
  { id, title, alerts, sight, learning }: CoverageSubject,
  logs: readonly ClusterLog[],
  seen: Observation,
  gaps: readonly Gap[],
): Omit<Covered, 'level'> {
  const judged = logs.map((log) => ({ log, judgement: judge(sight, log.whole) }));
  const sighted = judged.filter(({ judgement }) => judgement.lack === null);
  const eventsSeen = judged.reduce((sum, { judgement }) => sum + judgement.seen, 0);
  const rule = { id, title };
  if (alerts === 0 && sighted.length === 0) {
    const reasons = [...new Set(judged.map(({ judgement }) => judgement.lack?.reason ?? ''))];
    const wanted = judged[0]?.judgement.lack?.wanted ?? [];
    return { rule, state: 'blind', reason: reasons.join('; '), eventsSeen: 0, parts: [], wanted };
  }
  if (alerts === 0 && learning?.readyFrom === null) {
    const reason = learning.reason ?? 'no learning period';
    return { rule, state: 'blind', reason, eventsSeen, parts: [], wanted: [] };
  }
  const parts = [
    ...learningParts(learning, seen),
    ...gapParts(gaps),
    ...judged.flatMap(({ log, judgement }) =>
      judgement.lack === null ? lostParts(sight, log, seen) : clusterPart(log, judgement.lack, seen),
    ),
  ].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.reason < b.reason ? -1 : 1));
  const missing = [...new Set(sighted.flatMap(({ judgement }) => judgement.missing))];
  const never = missing.length === 0 ? '' : ` (never recorded: ${namesOf(missing)})`;
  const reason = alerts > 0 ? `${alerts} ${alerts === 1 ? 'alert' : 'alerts'}` : `no event met it${never}`;
  return { rule, state: alerts > 0 ? 'fired' : 'clean', reason, eventsSeen, parts, wanted: [] };
}

function learningParts(learning: Learning | null, { span }: Observation): CoveragePart[] {
  if (span === null || learning === null || learning.readyFrom === null) return [];
  return [{ from: formatTime(span.from), to: learning.readyFrom, reason: 'it was still learning what is usual' }];
}

const gapParts = (gaps: readonly Gap[]): CoveragePart[] =>
  gaps.filter(({ from, to }) => from !== '' && to !== '').map(({ from, to, reason }) => ({ from, to, reason }));

function clusterPart({ cluster }: ClusterLog, lack: Lack, { span }: Observation): CoveragePart[] {
  if (span === null) return [];
  return [
    {
      from: formatTime(span.from),
      to: formatTime(span.to),
      reason: `cluster ${cluster ?? 'without a name'}: ${lack.reason}`,
    },
  ];
}

/** Parts of the time in which a rule could not have fired, next to each other as one. */
function lostParts(sight: Sight, { parts }: ClusterLog, { span }: Observation): CoveragePart[] {
  if (span === null) return [];
  const width = (span.to - span.from + 1) / STRETCHES;
  const lost: { from: number; to: number; reason: string }[] = [];
  for (const { from, to, log } of parts) {
    const lack = isSighted(sight, log) ? null : judge(sight, log).lack;
    const before = lost.at(-1);
    if (lack === null) continue;
    if (before !== undefined && before.to === from - 1 && before.reason === lack.reason) before.to = to;
    else lost.push({ from, to, reason: lack.reason });
  }
  return lost.map(({ from, to, reason }) => ({
    from: formatTime(Math.floor(span.from + from * width)),
    to: formatTime(Math.min(span.to, Math.floor(span.from + (to + 1) * width))),
    reason,
  }));
}

function isSighted(sight: Sight, log: KindIndex): boolean {
  if (sight.kind === 'rule') return canFire(sight.rule, log);
  return sight.needsAll
    ? sight.parts.every((part) => isSighted(part, log))
    : sight.parts.some((part) => isSighted(part, log));
}

function judge(sight: Sight, log: KindIndex): Judgement {
  switch (sight.kind) {
    case 'joined':
      return judgeJoined(sight, log);
    case 'rule': {
      if (sight.emptyLists.length === 0) return judgeRule(sight.rule, log);
      const judgement = judgeRule(sight.rule, log);
      const reason = `the list ${sight.emptyLists.join(', ')} is empty`;
      return judgement.lack?.kind === 'never'
        ? { ...judgement, lack: { kind: 'list', reason, wanted: [] } }
        : judgement;
    }
  }
}

function judgeJoined({ parts, needsAll }: Extract<Sight, { kind: 'joined' }>, log: KindIndex): Judgement {
  const judged = parts.map((part) => judge(part, log));
  const lacks = judged.flatMap(({ lack }) => lack ?? []);
  const isBlind = needsAll ? lacks.length > 0 : lacks.length === parts.length;
  const [first] = lacks;
  if (isBlind && first !== undefined) {
    const reasons = [...new Set(lacks.map(({ reason }) => reason))].slice(0, 2);
    const wanted = needsAll ? lacks.flatMap((lack) => lack.wanted) : first.wanted;
    return { lack: { kind: first.kind, reason: reasons.join('; '), wanted }, seen: 0, missing: [] };
  }
  return {
    lack: null,
    seen: Math.max(0, ...judged.map(({ seen }) => seen)),
    missing: [...new Set(judged.flatMap(({ missing }) => missing))],
  };
}

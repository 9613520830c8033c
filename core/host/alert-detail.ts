import { parse } from 'yaml';
import type { AlertDetail, AlertHistory, LearntFigures, MatchedCondition, NextStep } from '../contract/alert-calls.ts';
import { techniqueName } from '../contract/attack-names.ts';
import { defenderName } from '../contract/defender-names.ts';
import type { EventLine } from '../contract/event-calls.ts';
import type { Alert, Learned } from '../contract/rows.ts';
import type { Page } from '../contract/scope.ts';
import { parseTime } from '../event/time.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { EventIndex } from '../store/event-index.ts';
import { actionText } from './action-text.ts';
import { alertLines } from './alert-lines.ts';
import type { CallScope } from './call-scope.ts';
import { linesOf } from './event-lines.ts';
import { fieldCondition } from './query-text.ts';
import type { Decided } from './undo.ts';

const FIRST_PROOF = 50;
/** Events of the same identity before and after the first proof. */
const AROUND = 5;
const AROUND_US = 15 * 60 * 1_000_000;

/** Everything that the drill-down of one alert shows. Raises `alert/unknown`. */
export function alertDetail(id: number, scope: CallScope): AlertDetail {
  const { store, session } = scope;
  const alert = store.findings.get(id);
  const line = alertLines(store).find((candidate) => candidate.id === id);
  if (line === undefined) throw new Error(`alert ${id} has no line`);
  const ruleText = store.findings.ruleText(alert.rule.id);
  return {
    alert,
    line,
    why: whyOf(alert, store),
    proof: proofPage(id, undefined, FIRST_PROOF, store),
    ...around(alert, store),
    learnt: alert.learned === undefined ? null : learntFrom(alert.learned),
    ruleText,
    ruleReferences: referencesOf(ruleText),
    attack: alert.attack.map((technique) => ({
      ...{ id: technique, name: techniqueName(technique) },
      tactic: alert.tactics[0] ?? null,
    })),
    defender: alert.defender === null ? null : { id: alert.defender, name: defenderName(alert.defender) },
    falsePositives: alert.falsePositives,
    nextSteps: [...alert.nextSteps.map((text): NextStep => ({ text, pivot: null })), ...pivotsOf(alert)],
    blindSpots: session
      .coverage()
      .flatMap(({ rule, state, reason }) => (rule.id === alert.rule.id && state !== 'fired' ? [reason] : [])),
    history: historyOf(alert, store),
    reason: store.findings.reasonOf(id),
    suppressedBy: alert.suppressed === undefined ? null : suppressedBy(alert.suppressed),
  };
}

function learntFrom({ from, to, events, known, values, new: fresh }: Learned): LearntFigures {
  const times = { from: parseTime(from) ?? 0, to: parseTime(to) ?? 0 };
  const text = `Known until then: ${known}, from ${events} requests.`;
  return { ...times, events, known, examples: values, fresh, text };
}

const suppressedBy = ({ id, by, reason }: NonNullable<Alert['suppressed']>) => ({ id, reason, examiner: by });

/** Proving events by time; `after` is the id of the last one of the page before. */
export function proofPage(
  id: number,
  after: number | undefined,
  limit: number,
  store: CaseStore,
): Page<EventLine, number> {
  const all = store.findings.proofOf(id);
  const start = after === undefined ? 0 : all.indexOf(after) + 1;
  const ids = all.slice(start, start + limit);
  return { rows: linesOf(ids, store), next: start + limit < all.length ? (ids.at(-1) ?? null) : null };
}

function whyOf(alert: Alert, store: CaseStore): MatchedCondition[] {
  const byAuditId = new Map(store.findings.proofOf(alert.id).map((event) => [store.events.get(event)?.auditID, event]));
  return alert.matched.flatMap(({ auditID, field, value }) => {
    const event = byAuditId.get(auditID);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return event === undefined ? [] : [{ event, field, value: text, wanted: null }];
  });
}

function around(alert: Alert, store: CaseStore): Pick<AlertDetail, 'before' | 'after'> {
  const first = store.findings.proofOf(alert.id)[0];
  const time = first === undefined ? null : (store.events.get(first)?.time ?? null);
  if (first === undefined || time === null) return { before: [], after: [] };
  const index = store.index();
  const row = index.rowOf(first);
  return {
    before: linesOf(idsBeside(index, alert.user, row, -1).reverse(), store),
    after: linesOf(idsBeside(index, alert.user, row, 1), store),
  };
}

/** The next events of a user on one side of a row. */
function idsBeside(index: EventIndex, user: string, row: number, step: 1 | -1): number[] {
  const { id, time } = index.columns;
  const users = index.texts('user');
  const isNear = (other: number) => Math.abs((time[other] as number) - (time[row] as number)) <= AROUND_US;
  const found: number[] = [];
  for (let at = row + step; isNear(at) && found.length < AROUND; at += step)
    if (users.read(users.ids[at] as number) === user) found.push(id[at] as number);
  return found;
}

function referencesOf(ruleText: string): string[] {
  try {
    const raw: unknown = parse(ruleText, { maxAliasCount: 0 });
    const references = typeof raw === 'object' && raw !== null && 'references' in raw ? raw.references : [];
    return Array.isArray(references) ? references.filter((item) => typeof item === 'string') : [];
  } catch {
    return [];
  }
}

function pivotsOf(alert: Alert): NextStep[] {
  const [from, to] = [parseTime(alert.firstTime), parseTime(alert.lastTime)];
  const user = alert.impersonatedUser ?? alert.user;
  const address = alert.sourceIPs.at(-1);
  const hour = 3_600_000_000;
  const steps: NextStep[] = [
    {
      text: `All that ${user || 'the caller'} did`,
      pivot: { kind: 'events', query: fieldCondition('user', alert.user) },
    },
  ];
  if (address !== undefined)
    steps.push({ text: `All from ${address}`, pivot: { kind: 'events', query: fieldCondition('ip', address) } });
  if (from !== null && to !== null) {
    const range = { from: from - hour, to: to + hour };
    steps.push({ text: 'An hour around it on the timeline', pivot: { kind: 'timeline', range, query: '' } });
  }
  steps.push({ text: 'Other alerts of this rule', pivot: { kind: 'alerts', filter: { rules: [alert.rule.id] } } });
  return steps;
}

/** What people did about this alert, whatever its action was called. */
function historyOf(alert: Alert, store: CaseStore): AlertHistory[] {
  return store
    .actions()
    .filter(({ detail }) => concerns(detail, alert.key))
    .map((action) => ({ action: action.id, time: action.time, examiner: action.examiner, text: actionText(action) }));
}

function concerns(detail: Readonly<Record<string, unknown>>, key: string): boolean {
  if (detail['alert'] === key) return true;
  const decided = detail['alerts'];
  if (Array.isArray(decided) && decided.some((item: Partial<Decided>) => item.alert === key)) return true;
  const targets = detail['targets'];
  if (Array.isArray(targets) && targets.some((target: { name?: string }) => target.name === key)) return true;
  const carried = detail['carried'];
  return Array.isArray(carried) && carried.some((item: { to?: string }) => item.to === key);
}

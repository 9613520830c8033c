import type { Suppression, SuppressionDraft } from '../contract/incident-calls.ts';
import type { Alert } from '../contract/rows.ts';
import { parseTime } from '../event/time.ts';
import { CaseError } from '../fault.ts';
import { planQuery } from '../hunt/plan.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { Finding } from '../store/findings.ts';
import type { StoredSuppression } from '../store/suppressions.ts';
import { namesEntity } from './alert-lines.ts';
import { eventOf } from './event-rows.ts';
import { tellAgain } from './stories.ts';

/** An alert as far as a suppression looks at it, with the ids of the events that prove it. */
type Suspect = Pick<
  Finding,
  'rule' | 'user' | 'users' | 'impersonatedUser' | 'sourceIPs' | 'namespace' | 'object' | 'lastTime'
>;

/** Something that hides alerts, ready to be asked. */
interface Hider {
  readonly id: number;
  readonly by: string;
  readonly reason: string;
  hides(alert: Suspect, events: () => readonly number[]): boolean;
}

/**
 * Rule and entity must fit, and every event that proves the alert must meet the condition: an alert that holds one event beyond
 * what was excused stays. What happened after the expiry is not hidden, whenever it is looked at.
 */
function hiderOf(
  store: CaseStore,
  { id, rule, entity, condition, reason, examiner, expires }: Omit<StoredSuppression, 'time'>,
): Hider {
  const plan = condition === '' ? null : planQuery(condition);
  const meets = (event: number) => {
    const fields = store.events.get(event);
    return plan === null || (fields !== undefined && plan.test(eventOf(store.events, event), fields));
  };
  return {
    id,
    by: examiner,
    reason,
    hides: (alert, events) =>
      (rule === null || alert.rule.id === rule) &&
      (entity === null || namesEntity(alert, entity)) &&
      (expires === null || (parseTime(alert.lastTime) ?? Number.POSITIVE_INFINITY) <= expires) &&
      (plan === null || events().every(meets)),
  };
}

/** Findings of a run, those that are hidden marked with what hides them: the oldest suppression that does. */
export function markSuppressed(store: CaseStore, findings: readonly Finding[]): Finding[] {
  const hiders = store.suppressions.list().map((one) => hiderOf(store, one));
  return findings.map((finding) => {
    const hider = hiders.find((one) => one.hides(finding, () => finding.events));
    return hider === undefined
      ? finding
      : { ...finding, suppressed: { id: hider.id, by: hider.by, reason: hider.reason } };
  });
}

/** Suppressions in force, with how many alerts each hides now. */
export function suppressionsOf(store: CaseStore): Suppression[] {
  const counts = store.suppressions.counts();
  const titles = new Map(store.findings.coverage().map(({ rule }) => [rule.id, rule.title]));
  return store.suppressions.list().map(({ expires, ...one }) => ({
    ...one,
    ruleTitle: one.rule === null ? null : (titles.get(one.rule) ?? null),
    expiresAt: expires,
    hides: counts.get(one.id) ?? 0,
  }));
}

/** Alerts that stand now and that a suppression would hide. */
export function simulate(store: CaseStore, draft: SuppressionDraft): Alert[] {
  const hider = hiderOf(store, { ...checked(draft), id: 0, examiner: '' });
  return store.findings
    .list()
    .filter((alert) => alert.suppressed === undefined && hider.hides(alert, () => store.findings.proofOf(alert.id)));
}

/** Adds a suppression and hides what it hides, as one action. Belongs into no transaction. */
export function addSuppression(store: CaseStore, draft: SuppressionDraft, examiner: string, time: number): Suppression {
  const one = checked(draft);
  if (one.reason.trim() === '') {
    throw new CaseError('alert/reason-missing', 'A suppression needs a reason.', {
      hint: 'Say why: it stands in the action log and the report.',
    });
  }
  const id = store.change(() => {
    const added = store.suppressions.add({ ...one, examiner, time });
    const hidden = hideAgain(store);
    const detail = { suppression: added, ...one, hides: [...hidden.values()].filter((by) => by === added).length };
    store.record({ examiner, time, name: 'suppression/add', detail, changed: ['settings', 'findings'] });
    return added;
  });
  return suppressionsOf(store).find((candidate) => candidate.id === id) as Suppression;
}

/** Takes a suppression out of force; what it hid comes back. Gives the id of the action. */
export function removeSuppression(
  store: CaseStore,
  id: number,
  reason: string,
  examiner: string,
  time: number,
): number {
  const found = store.suppressions.list().find((one) => one.id === id);
  if (found === undefined) {
    throw new CaseError('suppression/unknown', `There is no suppression ${id} in force.`, {
      hint: '`decklog suppress <case> list` shows them.',
    });
  }
  return store.change(() => {
    store.suppressions.remove(id, time);
    hideAgain(store);
    const detail = { suppression: id, rule: found.rule, reason };
    return store.record({ examiner, time, name: 'suppression/remove', detail, changed: ['settings', 'findings'] });
  });
}

/** Says anew which alerts are hidden: what is hidden begins and joins no story. */
function hideAgain(store: CaseStore): ReadonlyMap<number, number> {
  const hiders = store.suppressions.list().map((one) => hiderOf(store, one));
  const hidden = store.findings.list().flatMap((alert): [number, number][] => {
    const hider = hiders.find((one) => one.hides(alert, () => store.findings.proofOf(alert.id)));
    return hider === undefined ? [] : [[alert.id, hider.id]];
  });
  const map = new Map(hidden);
  const before = store.suppressions.hidden();
  store.suppressions.setHidden(map);
  const isSame = before.size === map.size && [...before].every((alert) => map.has(alert));
  if (!isSame) tellAgain(store);
  return map;
}

/** Raises `query/invalid` for a condition that is none, and `usage` for a suppression of everything. */
function checked({
  rule,
  entity,
  condition = '',
  reason,
  expiresAt,
}: SuppressionDraft): Omit<StoredSuppression, 'id' | 'examiner' | 'time'> {
  const query = condition.trim();
  planQuery(query);
  if (rule === undefined && entity === undefined && query === '') {
    throw new CaseError('usage', 'A suppression of everything would hide every alert.', {
      hint: 'Name a rule, an entity or a condition.',
    });
  }
  return { rule: rule ?? null, entity: entity ?? null, condition: query, reason, expires: expiresAt ?? null };
}

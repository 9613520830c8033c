import type { AlertFilter, AlertLine } from '../contract/alert-calls.ts';
import type { MarkGlance } from '../contract/event-calls.ts';
import { type Alert, LEVELS } from '../contract/rows.ts';
import type { EntityRef } from '../contract/scope.ts';
import { parseTime } from '../event/time.ts';
import type { CaseStore } from '../store/case-store.ts';

const NO_MARKS: MarkGlance = { isStarred: false, tags: [], notes: 0 };

interface Known {
  readonly version: number;
  readonly alerts: readonly Alert[];
  readonly lines: readonly AlertLine[];
}

const known = new WeakMap<CaseStore, Known>();

/** All alerts of a case by first time and key, read once a version of the case. */
export function alertLines(store: CaseStore): readonly AlertLine[] {
  return read(store).lines;
}

/** The same, whole. */
export function allAlerts(store: CaseStore): readonly Alert[] {
  return read(store).alerts;
}

function read(store: CaseStore): Known {
  const { version } = store;
  const before = known.get(store);
  if (before?.version === version) return before;
  const marks = store.marks.glances('alert');
  const alerts = store.findings.list();
  const now: Known = { version, alerts, lines: alerts.map((alert) => toLine(alert, marks)) };
  known.set(store, now);
  return now;
}

function toLine(alert: Alert, marks: ReadonlyMap<string, MarkGlance>): AlertLine {
  const { id, key, rule, level, status, title, summary, outcome, user, impersonatedUser, sourceIPs } = alert;
  const { cluster, namespace, object, count, eventCount, tactics, incident } = alert;
  return {
    ...{ id, key, level, status, title, summary, outcome, user, impersonatedUser, sourceIPs },
    ...{ cluster, namespace, object, count, eventCount, tactics, incident },
    rule: { id: rule.id, title: rule.title },
    firstTime: parseTime(alert.firstTime),
    lastTime: parseTime(alert.lastTime),
    isSuppressed: 'suppressed' in alert && alert.suppressed !== undefined,
    marks: marks.get(key) ?? NO_MARKS,
  };
}

/** Alerts that a filter lets through, by first time and key. */
export function filteredAlerts(store: CaseStore, filter: AlertFilter): AlertLine[] {
  const tests = testsOf(filter);
  return alertLines(store).filter((line) => tests.every((test) => test(line)));
}

type Test = (line: AlertLine) => boolean;

function testsOf(filter: AlertFilter): Test[] {
  const { level, levels, statuses, rules, incidents, users, objects, namespaces, tactics, outcomes, tags } = filter;
  const { isStarred, entity, text, range, isSuppressed = false } = filter;
  const least = level === undefined ? 0 : LEVELS.indexOf(level);
  return [
    (line) => line.isSuppressed === isSuppressed,
    (line) => LEVELS.indexOf(line.level) >= least,
    oneOf(levels, (line) => line.level),
    oneOf(statuses, (line) => line.status),
    oneOf(rules, (line) => line.rule.id),
    oneOf(incidents, (line) => line.incident ?? 0),
    oneOf(users, (line) => line.impersonatedUser ?? line.user),
    oneOf(objects, (line) => line.object ?? ''),
    oneOf(namespaces, (line) => line.namespace ?? ''),
    oneOf(outcomes, (line) => line.outcome),
    anyOf(tactics, (line) => line.tactics),
    anyOf(tags, (line) => line.marks.tags),
    (line) => isStarred === undefined || line.marks.isStarred === isStarred,
    (line) => entity === undefined || concerns(line, entity),
    (line) => text === undefined || holds(line, text.toLowerCase()),
    (line) => range === undefined || isWithin(line, range),
  ];
}

function oneOf<T>(wanted: readonly T[] | undefined, read: (line: AlertLine) => T): Test {
  if (wanted === undefined) return () => true;
  const set = new Set(wanted);
  return (line) => set.has(read(line));
}

function anyOf(wanted: readonly string[] | undefined, read: (line: AlertLine) => readonly string[]): Test {
  if (wanted === undefined) return () => true;
  const set = new Set(wanted);
  return (line) => read(line).some((item) => set.has(item));
}

function isWithin({ firstTime, lastTime }: AlertLine, range: { from: number; to: number }): boolean {
  return firstTime === null || lastTime === null || (firstTime <= range.to && lastTime >= range.from);
}

function holds(line: AlertLine, text: string): boolean {
  const { title, summary, user, impersonatedUser, object, namespace, rule } = line;
  return [title, summary, user, impersonatedUser, object, namespace, rule.title, rule.id].some((part) =>
    part?.toLowerCase().includes(text),
  );
}

/** Whether an alert names an entity in any of its parts. */
export function concerns(line: AlertLine, entity: EntityRef): boolean {
  return namesEntity(line, entity);
}

type Named = Pick<AlertLine, 'user' | 'impersonatedUser' | 'sourceIPs' | 'namespace' | 'object'>;

/** The same of anything that has the parts of an alert. */
export function namesEntity(line: Named, { kind, name }: EntityRef): boolean {
  switch (kind) {
    case 'user':
    case 'serviceaccount':
      return line.user === name || line.impersonatedUser === name;
    case 'address':
      return line.sourceIPs.includes(name);
    case 'namespace':
      return line.namespace === name;
    case 'node':
      return line.object === `nodes/${name}` || line.user === `system:node:${name}`;
    case 'object':
    case 'workload':
      return line.object !== null && [line.object, `${line.namespace}/${line.object}`].includes(name);
    case 'agent':
    case 'image':
      return false;
  }
}

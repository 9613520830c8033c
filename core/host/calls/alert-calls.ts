import type { AlertLine, Counted } from '../../contract/alert-calls.ts';
import { LEVELS, STATUSES } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import { alertDetail, proofPage } from '../alert-detail.ts';
import { alertGroups, groupKey } from '../alert-groups.ts';
import { filteredAlerts } from '../alert-lines.ts';
import type { CallTable } from '../call-scope.ts';
import { csvLine } from '../csv.ts';
import type { Decided } from '../undo.ts';

const MOST_COUNTED = 50;

export const alertCalls = {
  'alerts/counts': ({ filter }, { store }) => {
    const { isSuppressed = false, ...rest } = filter;
    const lines = filteredAlerts(store, filter);
    return {
      total: lines.length,
      open: lines.filter(isOpen).length,
      suppressed: filteredAlerts(store, { ...rest, isSuppressed: !isSuppressed }).length,
      byLevel: counts(LEVELS, (level) => {
        const those = lines.filter((line) => line.level === level);
        return { total: those.length, open: those.filter(isOpen).length };
      }),
      byStatus: counts(STATUSES, (status) => lines.filter((line) => line.status === status).length),
      rules: counted(lines, (line) => [[line.rule.id, line.rule.title]]),
      users: counted(lines, (line) => [[line.impersonatedUser ?? line.user, line.impersonatedUser ?? line.user]]),
      objects: counted(lines, (line) => (line.object === null ? [] : [[line.object, line.object]])),
      namespaces: counted(lines, (line) => (line.namespace === null ? [] : [[line.namespace, line.namespace]])),
      tactics: counted(lines, (line) => line.tactics.map((tactic) => [tactic, tactic])),
      tags: counted(lines, (line) => line.marks.tags.map((tag) => [tag, tag])),
    };
  },

  'alerts/groups': ({ filter, by }, { store }) => alertGroups(filteredAlerts(store, filter), by, store),

  'alerts/page': ({ filter, group, order, after, limit }, { store }) => {
    const all = filteredAlerts(store, filter);
    const lines = group === undefined ? all : all.filter((line) => groupKey(line, group.by) === group.key);
    if (order === 'level') lines.sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level));
    const start = after === undefined ? 0 : lines.findIndex((line) => line.id === after) + 1;
    const rows = lines.slice(start, start + limit);
    const isLast = start + limit >= lines.length;
    return { rows, next: isLast ? null : (rows.at(-1)?.id ?? null), total: lines.length };
  },

  'alerts/detail': ({ id }, scope) => alertDetail(id, scope),

  'alerts/proof': ({ id, after, limit }, { store }) => proofPage(id, after, limit, store),

  'alerts/decide': ({ ids, status, reason }, { store, examiner, change }) => {
    if (status !== 'open' && reason.trim() === '') {
      throw new CaseError('alert/reason-missing', `A reason is needed to call an alert ${status}.`, {
        hint: 'Write why: it stands in the action log and the report.',
      });
    }
    const alerts = ids.map((id) => store.findings.get(id));
    const time = Date.now() * 1000;
    return change(() => {
      const decided: Decided[] = alerts.map(({ id, key, rule, status: from }) => {
        const fromReason = store.findings.reasonOf(id);
        store.findings.setStatus(id, status, reason);
        return { alert: key, rule: rule.id, from, fromReason };
      });
      const detail = { alerts: decided, to: status, reason };
      const action = store.record({ examiner, time, name: 'alert/status', detail, changed: ['findings'] });
      return { action, changed: decided.length };
    });
  },

  'export/alerts': async ({ filter, format }, { store, files }) => {
    const lines = filteredAlerts(store, filter);
    if (format === 'jsonl') {
      const alerts = lines.values().map(({ id }) => `${JSON.stringify(store.findings.get(id))}\n`);
      return files.write('alerts.jsonl', 'application/jsonl', alerts);
    }
    return files.write('alerts.csv', 'text/csv', csvOf(lines, store.findings.reasonOf.bind(store.findings)));
  },
} satisfies Partial<CallTable>;

const isOpen = (line: AlertLine) => line.status === 'open';

function counts<Key extends string, Value>(keys: readonly Key[], read: (key: Key) => Value): Record<Key, Value> {
  // Object.fromEntries forgets which keys it was given.
  return Object.fromEntries(keys.map((key) => [key, read(key)])) as Record<Key, Value>;
}

function counted(
  lines: readonly AlertLine[],
  read: (line: AlertLine) => readonly (readonly [text: string, title: string])[],
): Counted[] {
  const found = new Map<string, { title: string; count: number }>();
  for (const line of lines) {
    for (const [text, title] of read(line)) {
      const known = found.get(text);
      if (known === undefined) found.set(text, { title, count: 1 });
      else known.count++;
    }
  }
  return [...found]
    .map(([text, { title, count }]) => ({ text, title, count }))
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
    .slice(0, MOST_COUNTED);
}

const CELLS: Readonly<Record<string, (line: AlertLine) => string | number | null>> = {
  id: (line) => line.id,
  level: (line) => line.level,
  status: (line) => line.status,
  title: (line) => line.title,
  summary: (line) => line.summary,
  outcome: (line) => line.outcome,
  user: (line) => line.user,
  impersonatedUser: (line) => line.impersonatedUser,
  sourceIPs: (line) => line.sourceIPs.join(' '),
  cluster: (line) => line.cluster,
  namespace: (line) => line.namespace,
  object: (line) => line.object,
  firstTime: (line) => timeText(line.firstTime),
  lastTime: (line) => timeText(line.lastTime),
  count: (line) => line.count,
  rule: (line) => line.rule.title,
  ruleId: (line) => line.rule.id,
  tactics: (line) => line.tactics.join(' '),
  incident: (line) => line.incident,
  tags: (line) => line.marks.tags.join(' '),
  key: (line) => line.key,
};

function* csvOf(lines: readonly AlertLine[], reasonOf: (id: number) => string): Generator<string> {
  yield csvLine([...Object.keys(CELLS), 'reason']);
  for (const line of lines) yield csvLine([...Object.values(CELLS).map((read) => read(line)), reasonOf(line.id)]);
}

const timeText = (time: number | null): string | null => (time === null ? null : new Date(time / 1000).toISOString());

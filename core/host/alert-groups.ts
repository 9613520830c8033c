import type { AlertGroup, AlertGroupBy, AlertLine } from '../contract/alert-calls.ts';
import { LEVELS } from '../contract/rows.ts';
import type { CaseStore } from '../store/case-store.ts';

const MOST_GROUPS = 1000;

/** The group that an alert falls into. */
export function groupKey(line: AlertLine, by: AlertGroupBy): string {
  switch (by) {
    case 'incident':
      return String(line.incident ?? 0);
    case 'rule':
      return line.rule.id;
    case 'identity':
      return line.impersonatedUser ?? line.user;
    case 'object':
      return line.object === null ? '' : `${line.namespace ?? ''}/${line.object}`;
    case 'none':
      return '';
  }
}

/** Groups of alerts, the gravest first, then by time and key; alerts in no incident come last. */
export function alertGroups(lines: readonly AlertLine[], by: AlertGroupBy, store: CaseStore): AlertGroup[] {
  const incidents = new Map(
    by === 'incident' ? store.findings.incidents.list().map(({ id, title }) => [id, title]) : [],
  );
  const title = (key: string, line: AlertLine) => {
    if (by === 'incident') return incidents.get(Number(key)) ?? 'Alerts in no incident';
    if (by === 'rule') return line.rule.title;
    return key === '' ? 'none' : key.replace(/^\//, '');
  };
  const groups = [...Map.groupBy(lines, (line) => groupKey(line, by))].map(([key, members]) => ({
    key,
    title: title(key, members[0] as AlertLine),
    level: members.map(({ level }) => level).reduce((a, b) => (LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b)),
    alerts: members.length,
    open: members.filter(({ status }) => status === 'open').length,
    firstTime: extreme(members, 'firstTime', Math.min),
    lastTime: extreme(members, 'lastTime', Math.max),
  }));
  const isRest = (group: AlertGroup) => by === 'incident' && group.key === '0';
  return groups
    .sort(
      (a, b) =>
        Number(isRest(a)) - Number(isRest(b)) ||
        LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) ||
        (a.firstTime ?? 0) - (b.firstTime ?? 0) ||
        (a.key < b.key ? -1 : 1),
    )
    .slice(0, MOST_GROUPS);
}

function extreme(
  lines: readonly AlertLine[],
  field: 'firstTime' | 'lastTime',
  pick: (...times: number[]) => number,
): number | null {
  const times = lines.flatMap((line) => line[field] ?? []);
  return times.length === 0 ? null : times.reduce((a, b) => pick(a, b));
}

import type { AlertLine, Counted, NextStep } from '../../contract/alert-calls.ts';
import type { IncidentLine } from '../../contract/incident-calls.ts';
import { LEVELS, type Level } from '../../contract/rows.ts';
import { filteredAlerts } from '../alert-lines.ts';
import type { CallScope, CallTable } from '../call-scope.ts';
import { warningsOf } from '../run-warnings.ts';
import { incidentDetail, incidentLines } from './incident-calls.ts';

const MOST_AT_CENTRE = 8;

export const overviewCalls = {
  'overview/show': (_req, scope) => {
    const { store } = scope;
    const incidents = incidentLines(store).sort(
      (a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || b.alerts - a.alerts || a.id - b.id,
    );
    const alerts = filteredAlerts(store, {});
    const [first] = incidents;
    return {
      incidents,
      first: first === undefined ? null : incidentDetail(store.findings.incidents.get(first.id), store),
      identities: atCentre(alerts, (line) => line.impersonatedUser ?? line.user),
      objects: atCentre(alerts, (line) =>
        line.object === null ? null : [line.namespace, line.object].filter(Boolean).join('/'),
      ),
      startHere: startHere(alerts, first, scope),
      warnings: warningsOf(store),
    };
  },
} satisfies Partial<CallTable>;

/** Names with most alerts, the gravest first. */
function atCentre(
  alerts: readonly AlertLine[],
  read: (line: AlertLine) => string | null,
): (Counted & { readonly level: Level })[] {
  const groups = Map.groupBy(
    alerts.filter((line) => read(line) !== null),
    read,
  );
  return [...groups]
    .map(([name, lines]) => ({
      ...{ text: name ?? '', title: name ?? '', count: lines.length },
      level: lines.map(({ level }) => level).reduce((a, b) => (LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b)),
    }))
    .sort(
      (a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || b.count - a.count || (a.text < b.text ? -1 : 1),
    )
    .slice(0, MOST_AT_CENTRE);
}

/** What to do first, from what is known: open decisions, the worst story, what could not be read or seen. */
function startHere(
  alerts: readonly AlertLine[],
  first: IncidentLine | undefined,
  { store, session }: CallScope,
): NextStep[] {
  const steps: NextStep[] = [];
  const grave = alerts.filter(({ level, status }) => status === 'open' && (level === 'critical' || level === 'high'));
  if (grave.length > 0) {
    const text = `Decide on ${grave.length === 1 ? 'the open alert' : `${grave.length} open alerts`} of high level or above`;
    steps.push({ text, pivot: { kind: 'alerts', filter: { level: 'high', statuses: ['open'] } } });
  }
  if (first?.firstTime != null && first.lastTime != null) {
    const range = { from: first.firstTime, to: first.lastTime };
    steps.push({ text: `See "${first.title}" on the timeline`, pivot: { kind: 'timeline', range, query: '' } });
  }
  const blind = session.coverage().filter(({ state }) => state === 'blind').length;
  if (blind > 0) steps.push({ text: `Read what the log could not show: ${blind} rules are blind`, pivot: null });
  const unread = store.ledger().reduce((sum, row) => sum + row.malformedRecords, 0);
  if (unread > 0) steps.push({ text: `Look at ${unread} records that could not be read`, pivot: null });
  if (alerts.length === 0 && store.glance().events > 0)
    steps.push({
      text: 'No rule fired: search for yourself',
      pivot: { kind: 'events', query: 'verb:(create, delete)' },
    });
  return steps;
}

import type { NextStep } from '../../contract/alert-calls.ts';
import type { MarkGlance } from '../../contract/event-calls.ts';
import type { IncidentLine } from '../../contract/incident-calls.ts';
import type { Incident } from '../../contract/rows.ts';
import { parseTime } from '../../event/time.ts';
import type { CaseStore } from '../../store/case-store.ts';
import { alertLines, filteredAlerts } from '../alert-lines.ts';
import type { CallTable } from '../call-scope.ts';

const NO_MARKS: MarkGlance = { isStarred: false, tags: [], notes: 0 };

export const incidentCalls = {
  'incidents/list': ({ filter }, { store }) => {
    const lines = incidentLines(store);
    if (filter === undefined) return lines;
    const wanted = new Set(filteredAlerts(store, filter).map(({ incident }) => incident));
    return lines.filter(({ id }) => wanted.has(id));
  },
  'incidents/detail': ({ id }, { store }) => incidentDetail(store.findings.incidents.get(id), store),
} satisfies Partial<CallTable>;

/** Incidents by first time. */
export function incidentLines(store: CaseStore): IncidentLine[] {
  const marks = store.marks.glances('incident');
  return store.findings.incidents.list().map((incident) => lineOf(incident, store, marks));
}

export function incidentDetail(incident: Incident, store: CaseStore) {
  const members = new Set(incident.alerts);
  return {
    line: lineOf(incident, store, store.marks.glances('incident')),
    incident,
    alerts: alertLines(store).filter(({ id }) => members.has(id)),
    nextSteps: incident.nextChecks.map((text): NextStep => ({ text, pivot: null })),
  };
}

function lineOf(incident: Incident, store: CaseStore, marks: ReadonlyMap<string, MarkGlance>): IncidentLine {
  const { id, key, title, level, firstTime, lastTime, tactics } = incident;
  const members = new Set(incident.alerts);
  const alerts = alertLines(store).filter((line) => members.has(line.id));
  return {
    ...{ id, title, level, tactics },
    firstTime: parseTime(firstTime),
    lastTime: parseTime(lastTime),
    alerts: alerts.length,
    open: alerts.filter(({ status }) => status === 'open').length,
    events: alerts.reduce((sum, { eventCount }) => sum + eventCount, 0),
    marks: marks.get(key) ?? NO_MARKS,
  };
}

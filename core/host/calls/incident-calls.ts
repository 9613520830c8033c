import type { NextStep } from '../../contract/alert-calls.ts';
import type { MarkGlance } from '../../contract/event-calls.ts';
import type { IncidentLine } from '../../contract/incident-calls.ts';
import type { Incident } from '../../contract/rows.ts';
import { parseTime } from '../../event/time.ts';
import type { CaseStore } from '../../store/case-store.ts';
import { alertLines, filteredAlerts } from '../alert-lines.ts';
import type { CallTable } from '../call-scope.ts';
import { fieldCondition, laneCondition } from '../query-text.ts';

/** Identities whose events are offered. */
const MOST_STEPS = 10;

const NO_MARKS: MarkGlance = { isStarred: false, tags: [], notes: 0 };

export const incidentCalls = {
  'incidents/list': ({ filter }, { store }) => {
    const lines = incidentLines(store);
    if (filter === undefined) return lines;
    const wanted = new Set(filteredAlerts(store, filter).map(({ incident }) => incident));
    return lines.filter(({ id }) => wanted.has(id));
  },
  'incidents/detail': ({ id }, { store }) => incidentDetail(store.findings.incidents.get(id), store),
  'actors/links': ({ user }, { store }) =>
    store.findings.incidents
      .links()
      .filter(({ from, to }) => user === undefined || [from.user, to.user].includes(user)),
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
    nextSteps: [...incident.nextChecks.map((text): NextStep => ({ text, pivot: null })), ...identitySteps(incident)],
  };
}

/** All that each identity did from where the intruder had it. */
function identitySteps({ blastRadius }: Incident): NextStep[] {
  return blastRadius.identities.slice(0, MOST_STEPS).map(({ user, addresses }) => {
    const places = addresses.map((address) => laneCondition('address', address)).join(' or ');
    const query = `${fieldCondition('user', user)}${places === '' ? '' : ` and (${places})`}`;
    const name = user === '' ? 'callers without a name' : user;
    return { text: `Read everything that ${name} did from there.`, pivot: { kind: 'events', query } };
  });
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

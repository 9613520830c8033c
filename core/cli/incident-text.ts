import {
  type IdentityLink,
  type Incident,
  type IncidentStep,
  LEVELS,
  type Persistence,
  type SecretRead,
  type TouchedObject,
} from '../contract/rows.ts';
import { visible, visibleLines } from '../text.ts';
import type { Call } from './call.ts';
import { LEVEL_STYLES } from './paint.ts';
import { count, counted, span } from './words.ts';

/** Entries of a list that people are shown; `--json` has all. */
const MOST = 25;

/** Title, level, span and size of an incident: two lines. */
export function incidentHead(incident: Incident, call: Call): string[] {
  const { id, level, title, firstTime, lastTime, alerts, identities } = incident;
  const size = `${counted(alerts.length, 'alert')}, ${counted(identities.length, 'identity', 'identities')}`;
  return [
    `${call.paint(level.toUpperCase(), ...LEVEL_STYLES[level])} ${call.paint(`#${id}`, 'bold')} ${visible(title)}`,
    call.paint(`  ${span(firstTime, lastTime)}, ${size}`, 'dim'),
  ];
}

/** Incidents that are named one by one. */
const MOST_INCIDENTS = 8;

/** What belongs together, the worst first, each with how to read on; nothing where there are none. */
export function incidentSummary(casePath: string, incidents: readonly Incident[], call: Call): string[] {
  if (incidents.length === 0) return [];
  const height = ({ level }: Incident) => LEVELS.indexOf(level);
  const shown = [...incidents]
    .sort((a, b) => height(b) - height(a) || b.alerts.length - a.alerts.length || a.id - b.id)
    .slice(0, MOST_INCIDENTS);
  const rest = incidents.length - shown.length;
  return [
    `${counted(incidents.length, 'incident')}:`,
    ...shown.flatMap((incident) => incidentHead(incident, call).map((line) => `  ${line}`)),
    ...(rest > 0 ? [`  and ${count(rest)} more`] : []),
    `  The story of one: ${call.next('incidents', casePath, String(shown[0]?.id))}`,
    '',
  ];
}

/** All that is known of an incident. */
export function incidentLines(incident: Incident, call: Call): string[] {
  const { blastRadius, firstEvent } = incident;
  return [
    ...incidentHead(incident, call),
    '',
    ...visibleLines(incident.story).split('\n'),
    ...section(
      'Step by step',
      incident.steps.map((step) => stepLine(step, call)),
    ),
    ...section('First known event', [visible(`${firstEvent.time} ${firstEvent.sentence} (${firstEvent.auditID})`)]),
    ...section('Why it is one story', incident.links.map(linkLine)),
    ...section('Identities in the hands of the intruder', blastRadius.identities.map(identityLine)),
    ...section('Secrets read', blastRadius.secrets.map(secretLine)),
    ...section('Workloads touched', blastRadius.workloads.map(touchedLine)),
    ...section('Left behind', blastRadius.persistence.map(persistenceLine)),
    ...section('What to check next', incident.nextChecks.map(visible)),
  ];
}

function section(head: string, body: readonly string[]): string[] {
  if (body.length === 0) return [];
  const rest = body.length > MOST ? [`and ${count(body.length - MOST)} more`] : [];
  return ['', head, ...[...body.slice(0, MOST), ...rest].map((line) => `  ${line}`)];
}

function stepLine({ time, level, sentence, alerts, isAftermath }: IncidentStep, call: Call): string {
  const mark = isAftermath ? ' [aftermath]' : '';
  const proof = call.paint(` #${alerts.slice(0, 3).join(' #')}`, 'dim');
  return `${time} ${call.paint(level.padEnd(8), ...LEVEL_STYLES[level])} ${visible(sentence)}${mark}${proof}`;
}

const linkLine = ({ certainty, reason, time }: IdentityLink) => visible(`${time} ${reason} (${certainty})`);

function identityLine({ user, addresses, firstTime, lastTime, events, how }: Incident['blastRadius']['identities'][0]) {
  const name = user === '' ? 'a caller without a name' : user;
  const from = addresses.length === 0 ? 'an unknown address' : addresses.join(', ');
  return visible(`${name} from ${from}: ${counted(events, 'event')} ${span(firstTime, lastTime)}; ${how}`);
}

const place = (namespace: string | null, name: string | null, all: string) =>
  name === null
    ? namespace === null
      ? `${all} of the cluster`
      : `${all} in ${namespace}`
    : [namespace, name].filter(Boolean).join('/');

const secretLine = ({ namespace, name, user, time, count: times }: SecretRead) =>
  visible(`${place(namespace, name, 'all secrets')} by ${user}, ${time}${times > 1 ? ` (${count(times)} times)` : ''}`);

const touchedLine = ({ namespace, object, user, deed, time }: TouchedObject) =>
  visible(`${place(namespace, object, '')} ${deed} by ${user}, ${time}`);

function persistenceLine(entry: Persistence): string {
  const { removed, kind, detail } = entry;
  const end = removed === null ? 'not removed in this log' : `removed by ${removed.user}, ${removed.time}`;
  return visible(`${kind} ${place(entry.namespace, entry.object, '')}: ${detail}; ${end}`);
}

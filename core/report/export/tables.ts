import type { EventRow } from '../../contract/rows.ts';
import { jsonText } from '../../text.ts';
import { type Cell, csvLine } from '../csv-text.ts';
import type { AlertWriter, EventWriter, ExportedAlert } from './exported.ts';
import { pruned } from './siem.ts';

const ALERT_COLUMNS: readonly (readonly [string, (alert: ExportedAlert) => Cell])[] = [
  ['id', ({ id }) => id],
  ['key', ({ key }) => key],
  ['level', ({ level }) => level],
  ['status', ({ status }) => status],
  ['title', ({ title }) => title],
  ['summary', ({ summary }) => summary],
  ['outcome', ({ outcome }) => outcome],
  ['user', ({ user }) => user],
  ['impersonatedUser', ({ impersonatedUser }) => impersonatedUser],
  ['sourceIPs', ({ sourceIPs }) => sourceIPs.join(' ')],
  ['cluster', ({ cluster }) => cluster],
  ['namespace', ({ namespace }) => namespace],
  ['object', ({ object }) => object],
  ['firstTime', ({ firstTime }) => firstTime],
  ['lastTime', ({ lastTime }) => lastTime],
  ['count', ({ count }) => count],
  ['eventCount', ({ eventCount }) => eventCount],
  ['attack', ({ attack }) => attack.join(' ')],
  ['tactics', ({ tactics }) => tactics.join(' ')],
  ['defender', ({ defender }) => defender],
  ['incident', ({ incident }) => incident],
  ['rule', ({ rule }) => rule.id],
  ['auditIDs', ({ auditIDs }) => auditIDs.join(' ')],
  ['evidenceSha256', ({ place }) => place?.sha256 ?? null],
  ['evidenceOffset', ({ place }) => place?.offset ?? null],
  ['evidenceLength', ({ place }) => place?.length ?? null],
];

/** Columns of events, in CSV and Parquet; `time` columns are RFC 3339. */
export const EVENT_COLUMNS: readonly (readonly [string, 'text' | 'number' | 'time', (event: EventRow) => Cell])[] = [
  ['id', 'number', ({ id }) => id],
  ['auditID', 'text', ({ auditID }) => auditID],
  ['stage', 'text', ({ stage }) => stage],
  ['level', 'text', ({ level }) => level],
  ['time', 'time', ({ time }) => time || null],
  ['stageTime', 'time', ({ stageTime }) => stageTime || null],
  ['verb', 'text', ({ verb }) => verb],
  ['user', 'text', ({ user }) => user],
  ['groups', 'text', ({ groups }) => groups.join(' ')],
  ['impersonatedUser', 'text', ({ impersonatedUser }) => impersonatedUser],
  ['sourceIPs', 'text', ({ sourceIPs }) => sourceIPs.join(' ')],
  ['userAgent', 'text', ({ userAgent }) => userAgent],
  ['apiGroup', 'text', ({ apiGroup }) => apiGroup],
  ['resource', 'text', ({ resource }) => resource],
  ['subresource', 'text', ({ subresource }) => subresource],
  ['namespace', 'text', ({ namespace }) => namespace],
  ['name', 'text', ({ name }) => name],
  ['requestURI', 'text', ({ requestURI }) => requestURI],
  ['code', 'number', ({ code }) => code],
  ['decision', 'text', ({ decision }) => decision],
  ['cluster', 'text', ({ cluster }) => cluster],
  ['server', 'text', ({ server }) => server],
  ['flags', 'text', ({ flags }) => flags.join(' ')],
  ['summary', 'text', ({ summary }) => summary],
  ['evidencePath', 'text', ({ evidence }) => evidence.path],
  ['evidenceSha256', 'text', ({ evidence }) => evidence.sha256],
  ['evidenceOffset', 'number', ({ evidence }) => evidence.offset],
  ['evidenceLength', 'number', ({ evidence }) => evidence.length],
  ['evidenceInner', 'text', ({ evidence }) => evidence.inner],
  ['evidenceForm', 'text', ({ evidence }) => evidence.form],
];

export const alertsCsv: AlertWriter = {
  head: () => csvLine(ALERT_COLUMNS.map(([head]) => head)),
  item: (alert) => csvLine(ALERT_COLUMNS.map(([, read]) => read(alert))),
};

export const alertsJsonl: AlertWriter = {
  item: ({ ruleText, place, ...alert }) => `${jsonText({ ...alert, evidence: place })}\n`,
};

export const eventsCsv: EventWriter = {
  head: () => csvLine(EVENT_COLUMNS.map(([head]) => head)),
  item: (event) => csvLine(EVENT_COLUMNS.map(([, , read]) => read(event))),
};

export const eventsJsonl: EventWriter = { item: (event) => `${jsonText(event)}\n` };

/** Elastic Common Schema 8, one document an event. */
export const eventsEcs: EventWriter = {
  item(event) {
    const { evidence } = event;
    return `${jsonText(
      pruned({
        '@timestamp': event.time || null,
        ecs: { version: '8.17.0' },
        message: event.summary,
        event: {
          kind: 'event',
          category: ['api'],
          dataset: 'kubernetes.audit',
          action: event.verb,
          id: event.auditID,
          outcome: event.code === null ? 'unknown' : event.code < 400 ? 'success' : 'failure',
        },
        user: {
          name: event.user || null,
          effective: event.impersonatedUser === null ? null : { name: event.impersonatedUser },
        },
        source: { ip: event.sourceIPs[0] ?? null },
        related: { user: [event.user].filter(Boolean), ip: event.sourceIPs },
        user_agent: { original: event.userAgent },
        url: { original: event.requestURI },
        http: { response: { status_code: event.code } },
        orchestrator: {
          type: 'kubernetes',
          namespace: event.namespace,
          cluster: event.cluster === null ? null : { name: event.cluster },
          resource: event.resource === null ? null : { type: event.resource, name: event.name },
        },
        kubernetes: { audit: { stage: event.stage, level: event.level, auditID: event.auditID } },
        decklog: {
          evidence: {
            sha256: evidence.sha256,
            path: evidence.path,
            offset: evidence.offset,
            length: evidence.length,
            form: evidence.form,
          },
        },
      }),
    )}\n`;
  },
};

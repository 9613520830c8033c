import type { EventRow } from '../../contract/rows.ts';
import { parseTime } from '../../event/time.ts';
import { jsonText } from '../../text.ts';
import { type Cell, csvLine } from '../csv-text.ts';
import type { AlertWriter, EventWriter, ExportedAlert } from './exported.ts';

/** A line of a timeline: what Timesketch demands, and what helps to filter. */
interface TimelineLine {
  readonly message: string;
  readonly datetime: string;
  readonly timestamp_desc: string;
  readonly timestamp: number;
  readonly data_type: string;
  readonly [name: string]: Cell;
}

function alertLine(alert: ExportedAlert): TimelineLine {
  const { place } = alert;
  return {
    message: `${alert.title}: ${alert.summary}`,
    datetime: alert.firstTime,
    timestamp_desc: 'First event of the alert',
    timestamp: parseTime(alert.firstTime) ?? 0,
    data_type: 'decklog:alert',
    level: alert.level,
    outcome: alert.outcome,
    user: alert.user,
    source_ip: alert.sourceIPs.join(' '),
    cluster: alert.cluster,
    namespace: alert.namespace,
    object: alert.object,
    rule: alert.rule.title,
    attack: alert.attack.join(' '),
    last_time: alert.lastTime,
    requests: alert.count,
    audit_id: alert.auditIDs[0] ?? null,
    evidence_sha256: place?.sha256 ?? null,
    evidence_offset: place?.offset ?? null,
    evidence_length: place?.length ?? null,
  };
}

function eventLine(event: EventRow): TimelineLine {
  return {
    message: event.summary,
    datetime: event.time,
    timestamp_desc: 'Request received',
    timestamp: parseTime(event.time) ?? 0,
    data_type: 'kubernetes:audit:event',
    stage: event.stage,
    verb: event.verb,
    user: event.user,
    impersonated_user: event.impersonatedUser,
    source_ip: event.sourceIPs.join(' '),
    user_agent: event.userAgent,
    cluster: event.cluster,
    resource: event.resource,
    subresource: event.subresource,
    namespace: event.namespace,
    name: event.name,
    request_uri: event.requestURI,
    code: event.code,
    audit_id: event.auditID,
    evidence_sha256: event.evidence.sha256,
    evidence_offset: event.evidence.offset,
    evidence_length: event.evidence.length,
  };
}

/** Every line has the same members, so any item gives the heads of the columns. */
const ALERT_HEADS = [
  'message',
  'datetime',
  'timestamp_desc',
  'timestamp',
  'data_type',
  'level',
  'outcome',
  'user',
  'source_ip',
  'cluster',
  'namespace',
  'object',
  'rule',
  'attack',
  'last_time',
  'requests',
  'audit_id',
  'evidence_sha256',
  'evidence_offset',
  'evidence_length',
];
const EVENT_HEADS = [
  'message',
  'datetime',
  'timestamp_desc',
  'timestamp',
  'data_type',
  'stage',
  'verb',
  'user',
  'impersonated_user',
  'source_ip',
  'user_agent',
  'cluster',
  'resource',
  'subresource',
  'namespace',
  'name',
  'request_uri',
  'code',
  'audit_id',
  'evidence_sha256',
  'evidence_offset',
  'evidence_length',
];

const cellsOf = (line: TimelineLine, heads: readonly string[]): Cell[] => heads.map((head) => line[head] ?? null);

export const timesketchAlerts: { readonly jsonl: AlertWriter; readonly csv: AlertWriter } = {
  jsonl: { item: (alert) => `${jsonText(alertLine(alert))}\n` },
  csv: { head: () => csvLine(ALERT_HEADS), item: (alert) => csvLine(cellsOf(alertLine(alert), ALERT_HEADS)) },
};

export const timesketchEvents: { readonly jsonl: EventWriter; readonly csv: EventWriter } = {
  jsonl: { item: (event) => `${jsonText(eventLine(event))}\n` },
  csv: { head: () => csvLine(EVENT_HEADS), item: (event) => csvLine(cellsOf(eventLine(event), EVENT_HEADS)) },
};

/** Timeline Explorer takes any CSV; a first column of this shape is taken as a time, and `Tag` as a mark of a row. */
const explorerTime = (time: string): string => time.replace('T', ' ').replace('Z', '');
const explorerHeads = (heads: readonly string[]): string => csvLine(['Timestamp', 'Tag', 'Message', ...heads.slice(4)]);
const explorerCells = (line: TimelineLine, tag: Cell, heads: readonly string[]): string =>
  csvLine([explorerTime(line.datetime), tag, line.message, ...cellsOf(line, heads.slice(4))]);

export const explorerAlerts: AlertWriter = {
  head: () => explorerHeads(ALERT_HEADS),
  item: (alert) => explorerCells(alertLine(alert), alert.status, ALERT_HEADS),
};

export const explorerEvents: EventWriter = {
  head: () => explorerHeads(EVENT_HEADS),
  item: (event) => explorerCells(eventLine(event), event.flags.join(' '), EVENT_HEADS),
};

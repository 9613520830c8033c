import type { EventRow } from '../contract/rows.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import { summarise } from '../event/summary.ts';
import { formatTime } from '../event/time.ts';
import type { EventFields, EventReader } from '../store/event-reader.ts';
import { eventAt } from './read-place.ts';

/** An event as every door shows it. */
export function toRow(fields: EventFields, event: AuditEvent, reader: EventReader): EventRow {
  const [evidence, ...copies] = reader.places(fields.id);
  if (evidence === undefined) throw new Error(`event ${fields.id} stands nowhere`);
  const time = (value: number | null) => (value === null ? '' : formatTime(value));
  return {
    id: fields.id,
    auditID: fields.auditID,
    stage: fields.stage ?? '',
    level: fields.level ?? '',
    time: time(fields.time),
    stageTime: time(fields.stageTime),
    verb: fields.verb ?? '',
    user: fields.user ?? '',
    groups: list(fields.groups),
    impersonatedUser: fields.impersonatedUser,
    sourceIPs: list(fields.sourceIPs),
    userAgent: fields.userAgent,
    apiGroup: fields.apiGroup,
    resource: fields.resource,
    subresource: fields.subresource,
    namespace: fields.namespace,
    name: fields.name,
    requestURI: typeof event.requestURI === 'string' ? event.requestURI : '',
    code: fields.code,
    decision: fields.decision,
    cluster: fields.cluster,
    server: fields.server,
    flags: fields.flags,
    summary: summarise(event),
    evidence,
    copies,
  };
}

const list = (text: string | null): string[] => (text === null ? [] : JSON.parse(text));

/** The canonical event, read again from its record. */
export function eventOf(reader: EventReader, id: number): AuditEvent {
  const event = eventAt(reader.record(id));
  if (event === null) throw new Error(`event ${id} cannot be read again from its record`);
  return event;
}

import { createHash } from 'node:crypto';
import {
  type EventDetail,
  type MatchedField,
  MOST_DETAIL_CHARACTERS,
  type ParsedField,
} from '../../contract/event-calls.ts';
import type { Alert, EventPlace } from '../../contract/rows.ts';
import type { AuditEvent } from '../../event/audit-event.ts';
import { stringifyJson } from '../../json.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { EventFields } from '../../store/event-reader.ts';
import type { CallScope, CallTable } from '../call-scope.ts';
import { linesOf } from '../event-lines.ts';
import { eventOf, toRow } from '../event-rows.ts';
import { indented } from '../indented-json.ts';
import { fieldsOf } from '../mark-places.ts';
import { fieldCondition } from '../query-text.ts';

export const eventCalls = {
  'events/detail': ({ id }, scope) => eventDetail(id, scope),
  'events/raw': ({ id, offset, length }, { session }) => {
    const bytes = session.raw(id);
    const piece = bytes.subarray(offset, offset + length);
    return { offset, sizeBytes: bytes.length, base64: Buffer.from(piece).toString('base64') };
  },
} satisfies Partial<CallTable>;

function eventDetail(id: number, { store, session }: CallScope): EventDetail {
  const fields = fieldsOf(id, store);
  const event = eventOf(store.events, id);
  const row = toRow(fields, event, store.events);
  const bytes = session.raw(id);
  const json = indented(stringifyJson(event));
  const alerts = store.findings.alertsOf(id).map((alert) => store.findings.get(alert));
  const [line] = linesOf([id], store);
  if (line === undefined) throw new Error(`event ${id} has no line`);
  return {
    event: row,
    line,
    fields: parsedFields(fields, event),
    json: json.slice(0, MOST_DETAIL_CHARACTERS),
    isJsonCut: json.length > MOST_DETAIL_CHARACTERS,
    requestObject: bodyOf(event.requestObject),
    responseObject: bodyOf(event.responseObject),
    matched: alerts.flatMap((alert) => matchedOf(alert, fields.auditID)),
    alerts: alerts.map(({ id: alert, title, level }) => ({ id: alert, title, level })),
    places: [row.evidence, ...row.copies].map((place) => ({ ...place, citation: citationOf(place) })),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    stages: stagesOf(fields, store),
  };
}

function bodyOf(body: unknown): string | null {
  if (body === undefined || body === null) return null;
  return indented(stringifyJson(body)).slice(0, MOST_DETAIL_CHARACTERS);
}

/** What an examiner writes beside a finding, so that another one finds the same bytes. */
function citationOf({ sha256, path, offset, length, inner, form }: EventPlace): string {
  const steps = inner === null ? '' : `, at ${inner}`;
  const how = form === 'verbatim' ? '' : ` (${form})`;
  return `${path}, SHA-256 ${sha256}, bytes ${offset} to ${offset + length - 1} (${length})${steps}${how}`;
}

function matchedOf(alert: Alert, auditID: string): MatchedField[] {
  return alert.matched
    .filter((match) => match.auditID === auditID)
    .map(({ field, value }) => ({
      ...{ alert: alert.id, rule: alert.rule.title, field },
      value: typeof value === 'string' ? value : JSON.stringify(value),
    }));
}

function stagesOf(fields: EventFields, store: CaseStore) {
  if (fields.time === null) return [];
  const others = store.events
    .atTime(fields.time)
    .filter(({ id, auditID, cluster }) => id !== fields.id && auditID === fields.auditID && cluster === fields.cluster);
  return linesOf(
    others.map(({ id }) => id),
    store,
  );
}

/** Columns first, in the order of "who, what, how", then annotations. */
function parsedFields(fields: EventFields, event: AuditEvent): ParsedField[] {
  const { user, impersonatedUser, userAgent, verb, resource, subresource, apiGroup, namespace, name } = fields;
  const single: readonly (readonly [field: string, value: string | number | null])[] = [
    ...[['user', user] as const, ['impersonatedUser', impersonatedUser] as const],
    ...texts(fields.groups).map((group) => ['group', group] as const),
    ...texts(fields.sourceIPs).map((address) => ['ip', address] as const),
    ...[['userAgent', userAgent] as const, ['verb', verb] as const, ['resource', resource] as const],
    ...[['subresource', subresource] as const, ['apiGroup', apiGroup] as const, ['namespace', namespace] as const],
    ...[['name', name] as const, ['code', fields.code] as const, ['decision', fields.decision] as const],
    ...[['stage', fields.stage] as const, ['level', fields.level] as const, ['auditID', fields.auditID] as const],
    ['requestURI', typeof event.requestURI === 'string' ? event.requestURI : null],
    ...[['cluster', fields.cluster] as const, ['server', fields.server] as const],
    ...annotationsOf(event),
  ];
  return single.flatMap(([field, value]) =>
    value === null ? [] : [{ field, value: String(value), condition: fieldCondition(field, String(value)) }],
  );
}

function annotationsOf(event: AuditEvent): (readonly [string, string])[] {
  const { annotations } = event;
  if (typeof annotations !== 'object' || annotations === null) return [];
  return Object.entries(annotations).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`annotations.${key}`, value] as const] : [],
  );
}

const texts = (list: string | null): string[] => (list === null ? [] : JSON.parse(list));

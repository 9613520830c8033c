import type { ListName } from '../lists.ts';
import { readConsoleRow, readFilteredEvent, readLambdaEvent, readLogEvent, readResult } from './aws.ts';
import { readAuditRow, readDiagnostic, readDiagnosticsRow, readTableRow } from './azure.ts';
import { isDotted } from './dotted.ts';
import { isLogEntry, readBigQueryRow, readLogEntry, readPulledMessage } from './google.ts';
import { isObject, type JsonObject, own, ownText } from './json-object.ts';
import { readLegacyLine } from './legacy-text.ts';
import { prefixOf } from './line-prefix.ts';
import { lookAlikeLine, lookAlikeOf } from './look-alike.ts';
import { readLogRecord } from './otlp.ts';
import {
  readFilebeat,
  readGelf,
  readJournal,
  readKubernetesAudit,
  readLogstash,
  readMember,
  readMerged,
  readNested,
  readSimpleLog,
  readSource,
  shippedFrom,
} from './shipper.ts';
import { readDatadog, readLokiLine, readLokiValue, readSplunkEvent, readSplunkExport, readSplunkRow } from './store.ts';
import { type Context, type Cursor, child, type Decisions, inside, TOLD, type Told, type Walk } from './walk.ts';

type Read = (walk: Walk, value: JsonObject, at: Cursor, context: Context) => Told;
type Rule = { readonly test: (value: JsonObject) => boolean; readonly read: Read };

const has = (value: JsonObject, ...keys: readonly string[]) => keys.every((key) => Object.hasOwn(value, key));

/** Whether a value says that it is an audit event of any version. */
export function isAuditEvent(value: unknown): value is JsonObject {
  return (
    isObject(value) && own(value, 'kind') === 'Event' && String(own(value, 'apiVersion')).startsWith('audit.k8s.io/')
  );
}

/** The decision list of the formats' reference, first match wins. Lists that stand at the root never come here as a whole. */
const RULES: readonly Rule[] = [
  { test: (value) => isAuditEvent(value) && has(value, '@version'), read: readLogstash },
  { test: (value) => isAuditEvent(value) && has(value, 'date'), read: merged('fluent-json') },
  { test: (value) => isAuditEvent(value) && (has(value, '__time__') || has(value, '__source__')), read: readSimpleLog },
  { test: (value) => isAuditEvent(value) && has(value, '@metadata'), read: merged('filebeat-json') },
  { test: isAuditEvent, read: (walk, value, at, context) => walk.event(value, at, context) },
  { test: (value) => own(value, 'kind') === 'EventList' && Array.isArray(value.items), read: list('items') },
  { test: (value) => has(value, 'messageType', 'logEvents'), read: list('logEvents') },
  { test: (value) => typeof own(value, 'awslogs', 'data') === 'string', read: readLambdaEvent },
  { test: (value) => typeof own(value, 'events', 0, 'message') === 'string', read: list('events') },
  { test: (value) => has(value, 'results'), read: list('results') },
  { test: (value) => Array.isArray(own(value, 'records')), read: list('records') },
  { test: (value) => has(value, 'category', 'properties'), read: diagnostic('azure-diag-jsonl') },
  { test: (value) => Array.isArray(own(value, 'tables', 0, 'rows')), read: readTables },
  {
    test: (value) => has(value, 'log_s'),
    read: (walk, value, at, context) => readDiagnosticsRow(walk, value, at, child(at, 'log_s'), context),
  },
  { test: (value) => has(value, 'AuditId', 'RequestUri'), read: readAuditRow },
  { test: isLogEntry, read: (walk, value, at, context) => readLogEntry(walk, value, at, context, entryFormat(walk)) },
  { test: (value) => has(value, 'protopayload_auditlog'), read: readBigQueryRow },
  { test: (value) => typeof own(value, 'message', 'data') === 'string', read: readPulledMessage },
  { test: (value) => Array.isArray(own(value, 'resourceLogs')), read: readBatch },
  { test: (value) => Array.isArray(own(value, 'data', 'result', 0, 'values')), read: readStreams },
  { test: (value) => Array.isArray(own(value, 'hits', 'hits')), read: readHits },
  {
    test: (value) => isObject(own(value, '_source')),
    read: (walk, value, at, context) => readSource(walk, value, at, context, 'elasticdump-jsonl'),
  },
  { test: (value) => isObject(own(value, 'kubernetes', 'audit')), read: readKubernetesAudit },
  { test: (value) => has(value, 'line') && (has(value, 'labels') || has(value, 'timestamp')), read: readLokiLine },
  { test: (value) => has(value, 'result', 'preview'), read: readSplunkExport },
  { test: (value) => has(value, '_raw'), read: readSplunkRow },
  {
    test: (value) => has(value, 'event') && !has(value, '@version') && (has(value, 'sourcetype') || has(value, 'time')),
    read: readSplunkEvent,
  },
  { test: (value) => has(value, '_id', 'attributes'), read: readDatadog },
  { test: (value) => has(value, 'MESSAGE', '__REALTIME_TIMESTAMP'), read: readJournal },
  { test: (value) => has(value, '@metadata') && (has(value, 'message') || has(value, 'json')), read: readFilebeat },
  { test: (value) => has(value, '@version'), read: readLogstash },
  { test: (value) => has(value, 'source_type', 'message'), read: shipped('vector-json', 'message') },
  { test: (value) => has(value, 'log'), read: shipped('fluent-json', 'log') },
  { test: isGelf, read: readGelf },
  { test: (value) => has(value, '@message'), read: readConsoleRow },
  { test: (value) => has(value, '@timestamp') && !isObject(value.user) && isDotted(value), read: readConsoleRow },
];

function merged(format: string): Read {
  return (walk, value, at, context) => readMerged(walk, value, at, context, format);
}

function diagnostic(format: string): Read {
  return (walk, value, at, context) => {
    if (own(value, 'properties', 'log') === undefined && lookAlikeOf(value) !== null)
      return walk.lookAlike('azure-activity');
    return readDiagnostic(walk, value, at, context, format);
  };
}

function shipped(format: string, member: string): Read {
  return (walk, value, at, context) => {
    const from = inside(context, format, shippedFrom(value));
    if (own(value, member) === undefined || isObject(own(value, member))) return readNested(walk, value, at, from);
    return readMember(walk, value, at, from, member);
  };
}

function entryFormat(walk: Walk): string {
  return walk.rootFormat === 'k8s-audit-json-array' ? 'gcp-logentry-array' : 'gcp-logentry-jsonl';
}

function isGelf(value: JsonObject): boolean {
  return Object.keys(value).length === 1 && (ownText(value, 'message') ?? '').includes('"short_message"');
}

/** A known list inside a wrapper: each element is classified as it would be at the root. */
function list(name: ListName): Read {
  return (walk, value, at, context) => eachElement(walk, name, value, own(value, name), child(at, name), context);
}

function eachElement(
  walk: Walk,
  name: ListName,
  envelope: unknown,
  items: unknown,
  at: Cursor,
  context: Context,
): Told {
  if (!Array.isArray(items) || items.length === 0) return walk.skipped('empty list');
  for (const [index, item] of items.entries()) walk.element(name, envelope, item, child(at, index), context);
  return TOLD;
}

/** Tells of each entry of a list of lists, or that there is none. */
function eachEntry(walk: Walk, value: unknown, read: (entry: unknown, index: number) => Told): Told {
  if (!Array.isArray(value) || value.length === 0) return walk.skipped('empty list');
  for (const [index, entry] of value.entries()) read(entry, index);
  return TOLD;
}

function readTables(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  return eachEntry(walk, value.tables, (table, index) => {
    const rows = own(table, 'rows');
    return eachElement(walk, 'rows', { tables: [table] }, rows, child(at, 'tables', index, 'rows'), context);
  });
}

function readStreams(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  return eachEntry(walk, own(value, 'data', 'result'), (stream, index) => {
    const values = own(stream, 'values');
    const envelope = { data: { result: [stream] } };
    return eachElement(walk, 'values', envelope, values, child(at, 'data', 'result', index, 'values'), context);
  });
}

function readHits(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  return eachElement(walk, 'hits', value, own(value, 'hits', 'hits'), child(at, 'hits', 'hits'), context);
}

function readBatch(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  return eachEntry(walk, value.resourceLogs, (resource, index) =>
    eachEntry(walk, own(resource, 'scopeLogs'), (logs, scope) => {
      const to = child(at, 'resourceLogs', index, 'scopeLogs', scope, 'logRecords');
      return eachElement(walk, 'logRecords', { resourceLogs: [resource] }, own(logs, 'logRecords'), to, context);
    }),
  );
}

type ReadElement = (walk: Walk, envelope: unknown, value: unknown, at: Cursor, context: Context) => Told;

const asValue: ReadElement = (walk, _envelope, value, at, context) => walk.value(value, at, context);

const ELEMENTS: Readonly<Record<ListName, ReadElement>> = {
  array: asValue,
  items: readItem,
  records: (walk, _envelope, value, at, context) => readRecord(walk, value, at, context),
  logEvents: readLogEvent,
  events: (walk, _envelope, value, at, context) => readFilteredEvent(walk, value, at, context),
  results: (walk, _envelope, value, at, context) => readResult(walk, value, at, context),
  Records: asValue,
  hits: (walk, _envelope, value, at, context) => readHit(walk, value, at, context),
  rows: readTableRow,
  values: readLokiValue,
  logRecords: readLogRecord,
};

function readRecord(walk: Walk, value: unknown, at: Cursor, context: Context): Told {
  const isDiagnostic = isObject(value) && has(value, 'category', 'properties');
  if (isDiagnostic) return diagnostic('azure-diag-records')(walk, value, at, context);
  return walk.value(value, at, context);
}

function readHit(walk: Walk, value: unknown, at: Cursor, context: Context): Told {
  if (!isObject(value) || !has(value, '_source')) return walk.value(value, at, context);
  return readSource(walk, value, at, context, 'elastic-search-response');
}

/** An item of a list: what it lacks it inherits. The list may say what it is behind its items, so an item may tell by its looks. */
function readItem(walk: Walk, envelope: unknown, value: unknown, at: Cursor, context: Context): Told {
  const version = ownText(value, 'apiVersion') ?? ownText(envelope, 'apiVersion');
  const isListed = version?.startsWith('audit.k8s.io/') === true && ownText(value, 'kind') !== 'Policy';
  if (!isObject(value) || !(isListed || looksLikeItem(value, version))) return walk.value(value, at, context);
  const event = { kind: 'Event', apiVersion: version ?? 'audit.k8s.io/v1', ...value };
  return walk.event(value, at, inside(context, 'k8s-audit-eventlist'), event);
}

function looksLikeItem(value: JsonObject, version: string | null): boolean {
  return version === null && has(value, 'auditID', 'stage', 'level', 'requestURI', 'verb');
}

/** The decisions as the walk asks for them. */
export const DECISIONS: Decisions = {
  value(walk, value, at, context) {
    const rule = RULES.find(({ test }) => test(value));
    if (rule !== undefined) return rule.read(walk, value, at, context);
    const name = lookAlikeOf(value);
    return name !== null ? walk.lookAlike(name) : readNested(walk, value, at, context);
  },
  element(walk, name, envelope, value, at, context) {
    return ELEMENTS[name](walk, envelope, value, at, context);
  },
  line(walk, text, at, context) {
    const legacy = readLegacyLine(walk, text, at, context);
    if (legacy !== null) return legacy;
    const prefix = prefixOf(text);
    const name = lookAlikeLine(text);
    if (prefix === null) return name === null ? null : walk.lookAlike(name);
    const from = inside({ ...context, depth: context.depth + 1 }, prefix.format, prefix);
    return walk.text(text.slice(prefix.length), at.pointer, from);
  },
};

import { expand } from './dotted.ts';
import { firstText, isObject, type JsonObject, own, ownText, without } from './json-object.ts';
import { type Context, type Cursor, child, inside, TOLD, type Told, type Walk } from './walk.ts';

/** Where shippers say which machine a record is from. */
const SERVER_PATHS = [
  ['kubernetes', 'pod_name'],
  ['kubernetes', 'host'],
  ['host', 'name'],
  ['host', 'hostname'],
  ['agent', 'hostname'],
  ['agent', 'name'],
  ['host'],
  ['hostname'],
] as const;
const CLUSTER_PATHS = [
  ['orchestrator', 'cluster', 'name'],
  ['kubernetes', 'cluster_name'],
  ['cluster_name'],
  ['cluster'],
] as const;

/** What a shipper's own members say of the source. */
export function shippedFrom(value: unknown): { server: string | null; cluster: string | null } {
  return { server: firstText(value, SERVER_PATHS), cluster: firstText(value, CLUSTER_PATHS) };
}

const MERGED_MEMBERS: Readonly<Record<string, ReadonlySet<string>>> = {
  'fluent-json': new Set(['date', 'time', 'stream', 'log', 'kubernetes', 'tag', '_p']),
  'logstash-json': new Set([
    '@timestamp',
    '@version',
    'event',
    'host',
    'log',
    'message',
    'tags',
    'type',
    'path',
    'input',
    'agent',
    'ecs',
  ]),
  'filebeat-json': new Set([
    '@timestamp',
    '@metadata',
    'host',
    'log',
    'message',
    'input',
    'agent',
    'ecs',
    'fields',
    'event',
  ]),
};

/** A record into which the event was merged: the shipper's members come off. */
export function readMerged(walk: Walk, value: JsonObject, at: Cursor, context: Context, format: string): Told {
  const own = MERGED_MEMBERS[format];
  const canonical = own === undefined ? value : without(value, (key) => own.has(key));
  return walk.event(value, at, inside(context, format, shippedFrom(value)), canonical);
}

/** Logstash may hold the event twice: the original text is the better copy. */
export function readLogstash(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const from = inside(context, 'logstash-json', shippedFrom(value));
  for (const path of [['event', 'original'], ['message']]) {
    const text = ownText(value, ...path);
    if (text !== null && mayHoldEvent(text, value)) return walk.text(text, child(at, ...path).pointer, from);
  }
  if (own(value, 'kind') === 'Event') return readMerged(walk, value, at, context, 'logstash-json');
  const text = ownText(value, 'event', 'original') ?? ownText(value, 'message');
  if (text === null) return readNested(walk, value, at, from);
  return walk.text(text, child(at, 'message').pointer, from);
}

/** A whole event, and the one that the record also holds in parts. */
function mayHoldEvent(text: string, value: JsonObject): boolean {
  const event = expand(text.trim());
  if (!isObject(event) || own(event, 'kind') !== 'Event') return false;
  const id = own(value, 'auditID');
  return id === undefined || id === own(event, 'auditID');
}

/** Filebeat and agents of its family: the event is in `message`, parsed into `json`, or under `kubernetes.audit`. */
export function readFilebeat(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const from = inside(context, 'filebeat-json', shippedFrom(value));
  if (isObject(own(value, 'json'))) return walk.value(own(value, 'json'), child(at, 'json'), from);
  return readMember(walk, value, at, from, 'message');
}

/** A member that holds the event, as text or as an object. */
export function readMember(
  walk: Walk,
  value: JsonObject,
  at: Cursor,
  context: Context,
  ...path: readonly string[]
): Told {
  const member = own(value, ...path);
  if (typeof member === 'string') return walk.text(member, child(at, ...path).pointer, context);
  if (isObject(member) || Array.isArray(member)) return walk.value(member, child(at, ...path), context);
  return walk.skipped('no audit event');
}

/** Elastic's own audit integration. */
export function readKubernetesAudit(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const audit = own(value, 'kubernetes', 'audit') as JsonObject;
  const event = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', ...audit };
  return walk.event(
    audit,
    child(at, 'kubernetes', 'audit'),
    inside(context, 'elastic-kubernetes-audit', shippedFrom(value)),
    event,
  );
}

/** A document of an index: whatever stands under `_source`. */
export function readSource(walk: Walk, value: JsonObject, at: Cursor, context: Context, format: string): Told {
  return walk.value(own(value, '_source'), child(at, '_source'), inside(context, format, { isFixed: true }));
}

/** Alibaba's store: nested values are JSON text, its own members begin with two underscores. */
export function readSimpleLog(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const event = Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('__'))
      .map(([key, item]) => [key, expand(item)]),
  );
  const server = ownText(value, '__tag__:__hostname__') ?? ownText(value, '__source__');
  return walk.rebuilt(event, at, inside(context, 'sls-json', { server }));
}

/** journald: large or unprintable messages are arrays of byte values, those over its size limit are null. */
export function readJournal(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const from = inside(context, 'journald-json', { server: ownText(value, '_HOSTNAME') });
  const message = own(value, 'MESSAGE');
  const pointer = child(at, 'MESSAGE').pointer;
  if (typeof message === 'string') return walk.text(message, pointer, from);
  if (Array.isArray(message)) return walk.text(bytesToText(message), pointer, from);
  return walk.malformed('message over the size limit of the journal was not kept', '');
}

/** Text of an array of byte values. */
export function bytesToText(bytes: readonly unknown[]): string {
  return Buffer.from(bytes.map((byte) => Number(byte) & 0xff)).toString('utf8');
}

/** OVH: JSON in JSON in JSON. */
export function readGelf(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const gelf = expand(own(value, 'message'));
  const from = inside(context, 'ovh-ldp-gelf', { server: ownText(gelf, 'host') });
  return walk.text(String(own(gelf, 'short_message')), child(at, 'message', 'short_message').pointer, from);
}

/** Events one to four levels down under names that nobody knows. */
export function readNested(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const found = search(value, '', 0, { left: 20_000 });
  if (found.length === 0) return walk.skipped('no audit event');
  const from = inside(context, context.format ?? 'generic-envelope');
  for (const pointer of found) follow(walk, value, at, pointer, from);
  return TOLD;
}

const NESTED_LEVELS = 4;

/** Pointers to values that are events or lists of events, in objects, arrays and JSON text. */
function search(value: unknown, pointer: string, level: number, budget: { left: number }): string[] {
  if (budget.left-- <= 0) return [];
  const opened = typeof value === 'string' && value.trimStart().startsWith('{') ? expand(value) : value;
  if (level > 0 && isAudit(opened)) return [pointer];
  if (level >= NESTED_LEVELS || typeof opened !== 'object' || opened === null) return [];
  return Object.entries(opened).flatMap(([key, item]) =>
    search(item, child(ROOT, key).pointer.replace(/^/, pointer), level + 1, budget),
  );
}

const ROOT: Cursor = { document: { text: '', value: null, pointer: '', isRecord: false }, pointer: '' };

function isAudit(value: unknown): boolean {
  const kind = own(value, 'kind');
  return (kind === 'Event' || kind === 'EventList') && String(own(value, 'apiVersion')).startsWith('audit.k8s.io/');
}

/** Walks to a found event, opening each text on the way. */
function follow(walk: Walk, value: unknown, at: Cursor, pointer: string, context: Context): Told {
  const [key, ...rest] = pointer.split('/').slice(1);
  if (key === undefined) return walk.value(value, at, context);
  const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
  const next = child(at, name);
  const item = own(value, name);
  const below = rest.length === 0 ? '' : `/${rest.join('/')}`;
  if (typeof item !== 'string') return follow(walk, item, next, below, context);
  if (below === '') return walk.text(item, next.pointer, context);
  const text = item.trim();
  const opened = walk.parse(text);
  const document = { text, value: opened, pointer: next.pointer, isRecord: false };
  return follow(walk, opened, { document, pointer: next.pointer }, below, context);
}

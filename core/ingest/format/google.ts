import { expand } from './dotted.ts';
import { compact, isObject, type JsonObject, own, ownText, without } from './json-object.ts';
import { type Context, type Cursor, child, inside, type Told, type Walk } from './walk.ts';

const AUDIT_LOG = 'google.cloud.audit.AuditLog';

/** Whether a Cloud Logging entry carries an audit record. */
export function isLogEntry(value: JsonObject): boolean {
  const type = ownText(value, 'protoPayload', '@type') ?? ownText(value, 'protoPayload', 'at_sign_type') ?? '';
  return type.endsWith(AUDIT_LOG);
}

/** A Cloud Logging entry: the event is put together again from its parts. */
export function readLogEntry(walk: Walk, entry: JsonObject, at: Cursor, context: Context, format: string): Told {
  const payload = own(entry, 'protoPayload');
  return readPayload(walk, entry, payload, at, inside(context, format));
}

/** The same entry as BigQuery exports it: bodies are JSON text, times are spelled out. */
export function readBigQueryRow(walk: Walk, row: JsonObject, at: Cursor, context: Context): Told {
  const payload = own(row, 'protopayload_auditlog');
  if (!isObject(payload)) return walk.skipped('no audit log payload');
  const bodies = { request: expand(own(payload, 'requestJson')), response: expand(own(payload, 'responseJson')) };
  return readPayload(walk, row, { ...payload, ...bodies }, at, inside(context, 'gcp-bigquery-jsonl'));
}

/** A pulled message: the entry as base64 in `message.data`. */
export function readPulledMessage(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const text = Buffer.from(String(own(value, 'message', 'data')), 'base64').toString('utf8');
  return walk.text(text, child(at, 'message', 'data').pointer, inside(context, 'gcp-pubsub-pull', { isFixed: true }));
}

function readPayload(walk: Walk, entry: JsonObject, payload: unknown, at: Cursor, context: Context): Told {
  if (own(payload, 'serviceName') !== 'k8s.io') return walk.lookAlike('gke-control-plane');
  const cluster = ownText(entry, 'resource', 'labels', 'cluster_name');
  return walk.rebuilt(eventOf(entry, payload as JsonObject), at, { ...context, cluster: cluster ?? context.cluster });
}

/** The event that the API server may have written. Level, stage and most codes are inferred; the query string is lost. */
function eventOf(entry: JsonObject, payload: JsonObject): JsonObject {
  const method = methodOf(ownText(payload, 'methodName') ?? '');
  const target = targetOf(ownText(payload, 'resourceName') ?? '', method.resource);
  const [requestObject, responseObject] = [bodyOf(payload, 'request'), bodyOf(payload, 'response')];
  const time = timeOf(ownText(entry, 'timestamp'));
  return compact({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: responseObject !== undefined ? 'RequestResponse' : requestObject !== undefined ? 'Request' : 'Metadata',
    auditID: ownText(entry, 'operation', 'id') ?? ownText(entry, 'insertId') ?? undefined,
    stage: stageOf(own(entry, 'operation')),
    requestURI: uriOf(target, method.verb),
    verb: method.verb,
    user: compact({ username: ownText(payload, 'authenticationInfo', 'principalEmail') }),
    sourceIPs: listOf(ownText(payload, 'requestMetadata', 'callerIp')),
    userAgent: ownText(payload, 'requestMetadata', 'callerSuppliedUserAgent'),
    objectRef: target.reference,
    responseStatus: statusOf(payload, method, target),
    requestObject,
    responseObject,
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: own(entry, 'labels'),
    'decklog.google': compact({
      authorizationInfo: own(payload, 'authorizationInfo'),
      resource: own(entry, 'resource'),
      severity: own(entry, 'severity'),
      receiveTimestamp: own(entry, 'receiveTimestamp'),
    }),
  });
}

function listOf(text: string | null): readonly string[] | undefined {
  return text === null ? undefined : [text];
}

/** `io.k8s.core.v1.pods.exec.create`: the verb is last, the resource follows the version. */
function methodOf(name: string): { verb: string; resource: string } {
  const parts = name.split('.');
  const version = parts.findIndex((part) => /^v\d/.test(part));
  return { verb: parts.at(-1) ?? '', resource: version < 0 ? '' : (parts[version + 1] ?? '') };
}

interface Target {
  readonly group: string;
  readonly version: string;
  readonly reference: JsonObject | undefined;
  /** The resource's name as sent, where it names no resource. */
  readonly path: string;
}

/** `core/v1/namespaces/NS/RES/NAME/SUB` or `GROUP/VERSION/RES/NAME/SUB`. */
function targetOf(name: string, methodResource: string): Target {
  const [first = '', version = '', ...rest] = name.split('/');
  if (!/^v\d/.test(version)) return { group: '', version: '', reference: undefined, path: name };
  const group = first === 'core' ? '' : first;
  const isInNamespace = rest[0] === 'namespaces' && rest.length > 2 && methodResource !== 'namespaces';
  const [resource, object, subresource] = isInNamespace ? rest.slice(2) : rest;
  const namespace = isInNamespace ? rest[1] : resource === 'namespaces' ? object : undefined;
  const reference = compact({ resource, namespace, name: object, apiGroup: group, apiVersion: version, subresource });
  return { group, version, reference: resource === undefined ? undefined : reference, path: name };
}

function uriOf(target: Target, verb: string): string {
  const { reference } = target;
  if (reference === undefined) return `/${target.path}`;
  const { resource, namespace, name, subresource } = reference;
  const root = target.group === '' ? `/api/${target.version}` : `/apis/${target.group}/${target.version}`;
  const scope = namespace !== undefined && resource !== 'namespaces' ? `/namespaces/${namespace}` : '';
  const isCreate = verb === 'create' && subresource === undefined;
  const object = name === undefined || isCreate ? '' : `/${name}`;
  return `${root}${scope}/${resource}${object}${subresource === undefined ? '' : `/${subresource}`}`;
}

function stageOf(operation: unknown): string {
  return own(operation, 'first') === true && own(operation, 'last') !== true ? 'ResponseStarted' : 'ResponseComplete';
}

const STREAMED = new Set(['exec', 'attach', 'portforward']);
/** gRPC codes and the HTTP codes that they stand for. */
const HTTP_CODES: Readonly<Record<number, number>> = {
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  12: 501,
  13: 500,
  14: 503,
  16: 401,
};

function statusOf(payload: JsonObject, method: { verb: string }, target: Target): JsonObject {
  const response = own(payload, 'response');
  const code = own(response, 'code');
  if (own(response, 'kind') === 'Status' && typeof code === 'number') {
    const { status, message, reason, details } = response as JsonObject;
    return compact({ metadata: {}, status, message, reason, details, code });
  }
  const sent = Number(own(payload, 'status', 'code') ?? 0);
  if (sent === 0) return { metadata: {}, code: successCode(method.verb, target) };
  const message = ownText(payload, 'status', 'message');
  return compact({ metadata: {}, status: 'Failure', message, code: HTTP_CODES[sent] ?? 500 });
}

function successCode(verb: string, target: Target): number {
  if (STREAMED.has(String(own(target.reference, 'subresource')))) return 101;
  return verb === 'create' ? 201 : 200;
}

function bodyOf(payload: JsonObject, key: string): JsonObject | undefined {
  const body = own(payload, key);
  return isObject(body) ? without(body, (name) => name === '@type' || name === 'at_sign_type') : undefined;
}

/** BigQuery writes `2026-03-04 10:15:01.120431 UTC`. */
function timeOf(text: string | null): string | null {
  return text?.replace(/^(\d{4}-\d\d-\d\d) (\S+) UTC$/, '$1T$2Z') ?? null;
}

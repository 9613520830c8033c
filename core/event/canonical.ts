import type { AuditEvent } from './audit-event.ts';

/** The keys that the API server writes at the top of an event. */
export const CANONICAL_KEYS: ReadonlySet<string> = new Set([
  'kind',
  'apiVersion',
  'level',
  'auditID',
  'stage',
  'requestURI',
  'verb',
  'user',
  'impersonatedUser',
  'sourceIPs',
  'userAgent',
  'objectRef',
  'responseStatus',
  'requestObject',
  'responseObject',
  'requestReceivedTimestamp',
  'stageTimestamp',
  'annotations',
  'authenticationMetadata',
]);
const USER = new Set(['username', 'uid', 'groups', 'extra']);
const REF = new Set([
  'resource',
  'namespace',
  'name',
  'uid',
  'apiGroup',
  'apiVersion',
  'resourceVersion',
  'subresource',
]);
/** Parts of the reference that columns tell. */
const TOLD = ['resource', 'namespace', 'name', 'apiGroup', 'subresource'];
const STATUS = new Set(['metadata', 'status', 'message', 'reason', 'details', 'code']);

/** Whether an event has only the keys that the API server writes, of the types it gives them. */
export function isCanonical(event: AuditEvent): boolean {
  if (
    !hasOnly(event, CANONICAL_KEYS) ||
    !isObject(event.user) ||
    !hasOnly(event.user, USER) ||
    !hasOnly(event.impersonatedUser, USER)
  )
    return false;
  if (isObject(event.impersonatedUser) && !Object.hasOwn(event.impersonatedUser, 'username')) return false;
  if (!hasOnly(event.objectRef, REF) || !hasOnly(event.responseStatus, STATUS) || !isObject(event.annotations ?? {}))
    return false;
  if (event.requestObject === null || event.responseObject === null || event.annotations === null) return false;
  const reference: Record<string, unknown> = { ...(event.objectRef as object) };
  const texts = [event.verb, event.stage, event.level, event.userAgent, ...namesOf(event), ...Object.values(reference)];
  const all = [...texts, ...Object.values({ ...(event.annotations as object) })];
  return (
    all.every((value) => value === undefined || typeof value === 'string') &&
    // A column cannot tell an empty part of the reference from a missing one.
    TOLD.every((part) => reference[part] !== '') &&
    hasPlainLists(event)
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hasOnly(value: unknown, keys: ReadonlySet<string>): boolean {
  return value === undefined || (isObject(value) && Object.keys(value).every((key) => keys.has(key)));
}

const namesOf = (event: AuditEvent): unknown[] =>
  [event.user, event.impersonatedUser].map((user) => (isObject(user) ? user['username'] : undefined));

/** Groups and addresses as lists of texts, and a code that is an integer or absent. */
function hasPlainLists(event: AuditEvent): boolean {
  const groups = isObject(event.user) ? event.user['groups'] : undefined;
  const code = isObject(event.responseStatus) ? event.responseStatus['code'] : undefined;
  const isTexts = [groups, event.sourceIPs].every(
    (list) => list === undefined || (Array.isArray(list) && list.every((item) => typeof item === 'string')),
  );
  return isTexts && (code === undefined || (typeof code === 'number' && Number.isInteger(code) && code !== 0));
}

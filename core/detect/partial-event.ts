import type { AuditEvent } from '../event/audit-event.ts';

/** Raised when a predicate asks for something that the columns known so far do not tell. */
class NotKnown extends Error {
  override readonly name = 'NotKnown';
}

const NOT_KNOWN = new NotKnown('not known from the columns');

/** What columns say of an event; absent means not known, null means that the event has no such field. */
export interface KnownColumns {
  readonly operation: { readonly verb: string | null; readonly apiGroup: string | null; readonly resource: string | null; readonly subresource: string | null };
  readonly actor?: { readonly user: string | null; readonly groups: readonly string[] | null; readonly impersonatedUser: string | null };
  readonly answer?: { readonly stage: string | null; readonly level: string | null; readonly code: number | null; readonly decision: string | null };
  readonly agent?: string | null;
  readonly hasBodies?: { readonly request: boolean; readonly response: boolean };
}

/**
 * An event of which only some columns are known, for predicates that can be decided by them alone: what is not known
 * raises when it is asked for. So one matcher decides everywhere; this only spares it events that cannot matter.
 *
 * Stands for events with canonical keys only (`isCanonical`), so that a key that is not listed here is absent.
 */
export function partialEvent(known: KnownColumns): AuditEvent {
  const { operation, actor, answer } = known;
  const event: Record<string, unknown> = { kind: 'Event', apiVersion: 'audit.k8s.io/v1' };
  put(event, 'verb', operation.verb);
  unknown(event, ['auditID', 'requestURI', 'sourceIPs', 'requestReceivedTimestamp', 'stageTimestamp', 'authenticationMetadata']);
  unknown(event, actor === undefined ? ['user', 'impersonatedUser'] : []);
  unknown(event, answer === undefined ? ['stage', 'level', 'responseStatus', 'annotations'] : []);
  if (actor !== undefined) putActor(event, actor);
  if (answer !== undefined) putAnswer(event, answer);
  if (known.agent === undefined) unknown(event, ['userAgent']);
  else put(event, 'userAgent', known.agent);
  if (known.hasBodies?.request !== false) unknown(event, ['requestObject']);
  if (known.hasBodies?.response !== false) unknown(event, ['responseObject']);
  putObject(event, operation);
  return event;
}

/** Whether a predicate holds, or null if the columns do not tell. */
export function decide(predicate: (event: unknown) => boolean, event: AuditEvent): boolean | null {
  try {
    return predicate(event);
  } catch (error) {
    if (error === NOT_KNOWN) return null;
    throw error;
  }
}

function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== null) target[key] = value;
}

function unknown(target: Record<string, unknown>, keys: readonly string[]): void {
  for (const key of keys) {
    Object.defineProperty(target, key, {
      enumerable: true,
      get() {
        throw NOT_KNOWN;
      },
    });
  }
}

function putActor(event: Record<string, unknown>, actor: NonNullable<KnownColumns['actor']>): void {
  const user: Record<string, unknown> = {};
  put(user, 'username', actor.user);
  put(user, 'groups', actor.groups);
  unknown(user, ['uid', 'extra']);
  event['user'] = user;
  if (actor.impersonatedUser === null) return;
  const impersonated: Record<string, unknown> = { username: actor.impersonatedUser };
  unknown(impersonated, ['uid', 'groups', 'extra']);
  event['impersonatedUser'] = impersonated;
}

function putAnswer(event: Record<string, unknown>, answer: NonNullable<KnownColumns['answer']>): void {
  put(event, 'stage', answer.stage);
  put(event, 'level', answer.level);
  const status: Record<string, unknown> = {};
  put(status, 'code', answer.code);
  unknown(status, ['metadata', 'status', 'message', 'reason', 'details']);
  if (answer.code === null) unknown(event, ['responseStatus']);
  else event['responseStatus'] = status;
  event['annotations'] = annotations(answer.decision);
}

const DECISION = 'authorization.k8s.io/decision';
/** Runs of steps of the path to the decision that are no key themselves. */
const STEPS = ['authorization', 'authorization.k8s'];

/** Of the annotations only the authorizer's decision is known; asking for any other key, or for all, raises. */
function annotations(decision: string | null): unknown {
  const refuse = () => {
    throw NOT_KNOWN;
  };
  return new Proxy<Record<string, unknown>>(decision === null ? {} : { [DECISION]: decision }, {
    get: (target, key) => (key === DECISION || STEPS.includes(String(key)) ? target[key as string] : refuse()),
    has: (target, key) => (key === DECISION || STEPS.includes(String(key)) ? Object.hasOwn(target, key) : refuse()),
    getOwnPropertyDescriptor: (target, key) =>
      key === DECISION || STEPS.includes(String(key)) ? Reflect.getOwnPropertyDescriptor(target, key) : refuse(),
    ownKeys: refuse,
  });
}

function putObject(event: Record<string, unknown>, operation: KnownColumns['operation']): void {
  const ref: Record<string, unknown> = {};
  put(ref, 'resource', operation.resource);
  put(ref, 'apiGroup', operation.apiGroup);
  put(ref, 'subresource', operation.subresource);
  unknown(ref, ['namespace', 'name', 'uid', 'apiVersion', 'resourceVersion']);
  if (operation.resource === null) unknown(event, ['objectRef']);
  else event['objectRef'] = ref;
}

const CANONICAL = new Set([
  'kind', 'apiVersion', 'level', 'auditID', 'stage', 'requestURI', 'verb', 'user', 'impersonatedUser', 'sourceIPs', 'userAgent', 'objectRef',
  'responseStatus', 'requestObject', 'responseObject', 'requestReceivedTimestamp', 'stageTimestamp', 'annotations', 'authenticationMetadata',
]); // biome-ignore format: a table
const USER = new Set(['username', 'uid', 'groups', 'extra']);
const REF = new Set(['resource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion', 'subresource']);
const STATUS = new Set(['metadata', 'status', 'message', 'reason', 'details', 'code']);

/** Whether an event has only the keys that the API server writes, of the types it gives them. */
export function isCanonical(event: AuditEvent): boolean {
  if (!hasOnly(event, CANONICAL) || !isObject(event.user) || !hasOnly(event.user, USER) || !hasOnly(event.impersonatedUser, USER)) return false;
  if (isObject(event.impersonatedUser) && !Object.hasOwn(event.impersonatedUser, 'username')) return false;
  if (!hasOnly(event.objectRef, REF) || !hasOnly(event.responseStatus, STATUS)) return false;
  const texts = [event.verb, event.stage, event.level, event.userAgent, ...values(event.objectRef), ...values(event.annotations), ...named(event)];
  return texts.every((value) => value === undefined || (typeof value === 'string' && value !== '')) && isList(event);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const values = (value: unknown): unknown[] => (isObject(value) ? Object.values(value).filter((item) => item !== '') : []);

function hasOnly(value: unknown, keys: ReadonlySet<string>): boolean {
  return value === undefined || (isObject(value) && Object.keys(value).every((key) => keys.has(key)));
}

const named = (event: AuditEvent): unknown[] =>
  [event.user, event.impersonatedUser].map((user) => (isObject(user) ? user['username'] : undefined)).filter((name) => name !== '');

/** Groups as a list of texts, and a code that is an integer or absent. */
function isList(event: AuditEvent): boolean {
  const groups = isObject(event.user) ? event.user['groups'] : undefined;
  const code = isObject(event.responseStatus) ? event.responseStatus['code'] : undefined;
  const isTexts = groups === undefined || (Array.isArray(groups) && groups.every((group) => typeof group === 'string'));
  return isTexts && (code === undefined || (typeof code === 'number' && Number.isInteger(code) && code !== 0));
}

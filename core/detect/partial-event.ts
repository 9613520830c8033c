import type { AuditEvent } from '../event/audit-event.ts';
import { CANONICAL_KEYS } from '../event/canonical.ts';

/** Raised when a predicate asks for something that the columns known so far do not tell. */
const NOT_KNOWN = new Error('not known from the columns');

export const isNotKnown = (error: unknown): boolean => error === NOT_KNOWN;

let missing: keyof KnownColumns | null = null;

/** The columns that would tell what was asked for last and was not known; null: no column tells it. */
export const missingColumn = (): keyof KnownColumns | null => missing;

/** What columns say of an event; absent means not known, null means that the event has no such field. */
export interface KnownColumns {
  readonly operation?: {
    readonly verb: string | null;
    readonly apiGroup: string | null;
    readonly resource: string | null;
    readonly subresource: string | null;
  };
  readonly actor?: {
    readonly user: string | null;
    readonly groups: readonly string[] | null;
    readonly impersonatedUser: string | null;
  };
  readonly answer?: {
    readonly stage: string | null;
    readonly level: string | null;
    readonly code: number | null;
    readonly decision: string | null;
  };
  readonly agent?: string | null;
  readonly namespace?: string | null;
  readonly addresses?: readonly string[] | null;
  readonly has?: { readonly requestBody: boolean; readonly responseBody: boolean; readonly moreAnnotations: boolean };
}

/**
 * An event of which only some columns are known, for predicates that can be decided by them alone: what is not known
 * raises when it is asked for. So one matcher decides everywhere; this only spares it events that cannot matter.
 *
 * Stands for events with canonical keys only (`isCanonical`), so that a key that is not listed here is absent.
 */
export function partialEvent(known: KnownColumns): AuditEvent {
  const event: Record<string, unknown> = { kind: 'Event', apiVersion: 'audit.k8s.io/v1' };
  hide(event, ['auditID', 'requestURI', 'requestReceivedTimestamp', 'stageTimestamp', 'authenticationMetadata']);
  putOperation(event, known);
  putActor(event, known.actor);
  putAnswer(event, known);
  putOrHide(event, 'userAgent', known.agent, 'agent');
  putOrHide(event, 'sourceIPs', known.addresses, 'addresses');
  const bodies = known.has === undefined ? 'has' : null;
  if (known.has?.requestBody !== false) hide(event, ['requestObject'], bodies);
  if (known.has?.responseBody !== false) hide(event, ['responseObject'], bodies);
  return event;
}

function putOrHide(target: Record<string, unknown>, key: string, value: unknown, column: keyof KnownColumns): void {
  if (value === undefined) hide(target, [key], column);
  else put(target, key, value);
}

function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== null) target[key] = value;
}

/** `column`: where it would be told. */
function hide(
  target: Record<string, unknown>,
  keys: readonly string[],
  column: keyof KnownColumns | null = null,
): void {
  for (const key of keys) {
    Object.defineProperty(target, key, {
      enumerable: true,
      get() {
        missing = column;
        throw NOT_KNOWN;
      },
    });
  }
}

function putOperation(event: Record<string, unknown>, { operation, namespace }: KnownColumns): void {
  putOrHide(event, 'verb', operation?.verb, 'operation');
  const hasReference = operation === undefined ? typeof namespace === 'string' : operation.resource !== null;
  if (!hasReference) {
    hide(event, ['objectRef'], operation === undefined ? 'operation' : null);
    return;
  }
  const ref: Record<string, unknown> = {};
  putOrHide(ref, 'resource', operation?.resource, 'operation');
  putOrHide(ref, 'apiGroup', operation?.apiGroup, 'operation');
  putOrHide(ref, 'subresource', operation?.subresource, 'operation');
  putOrHide(ref, 'namespace', namespace, 'namespace');
  hide(ref, ['name', 'uid', 'apiVersion', 'resourceVersion']);
  event['objectRef'] = ref;
}

function putActor(event: Record<string, unknown>, actor: KnownColumns['actor']): void {
  if (actor === undefined) {
    hide(event, ['user', 'impersonatedUser'], 'actor');
    return;
  }
  const user: Record<string, unknown> = {};
  put(user, 'username', actor.user);
  put(user, 'groups', actor.groups);
  hide(user, ['uid', 'extra']);
  event['user'] = user;
  if (actor.impersonatedUser === null) return;
  const impersonated: Record<string, unknown> = { username: actor.impersonatedUser };
  hide(impersonated, ['uid', 'groups', 'extra']);
  event['impersonatedUser'] = impersonated;
}

function putAnswer(event: Record<string, unknown>, { answer, has }: KnownColumns): void {
  if (answer === undefined) hide(event, ['stage', 'level'], 'answer');
  else {
    put(event, 'stage', answer.stage);
    put(event, 'level', answer.level);
  }
  if (answer === undefined || answer.code === null)
    hide(event, ['responseStatus'], answer === undefined ? 'answer' : null);
  else {
    const status: Record<string, unknown> = { code: answer.code };
    hide(status, ['metadata', 'status', 'message', 'reason', 'details']);
    event['responseStatus'] = status;
  }
  if (answer === undefined || has?.moreAnnotations === undefined)
    hide(event, ['annotations'], answer === undefined ? 'answer' : 'has');
  else event['annotations'] = annotations(answer.decision, has.moreAnnotations);
}

const DECISION = 'authorization.k8s.io/decision';
const REASON = 'authorization.k8s.io/reason';
/** Runs of steps of the path to the decision that are no key themselves. */
const STEPS = ['authorization', 'authorization.k8s'];

/** Of the annotations the authorizer's decision is known, and sometimes that there are no others; the rest raises. */
function annotations(decision: string | null, hasMore: boolean): unknown {
  const refuse = () => {
    missing = null;
    throw NOT_KNOWN;
  };
  const isKnown = (key: string | symbol) =>
    key === DECISION || STEPS.includes(String(key)) || (!hasMore && key !== REASON);
  return new Proxy<Record<string, unknown>>(decision === null ? {} : { [DECISION]: decision }, {
    get: (target, key) => (isKnown(key) ? target[key as string] : refuse()),
    has: (target, key) => (isKnown(key) ? Object.hasOwn(target, key) : refuse()),
    getOwnPropertyDescriptor: (target, key) =>
      isKnown(key) ? Reflect.getOwnPropertyDescriptor(target, key) : refuse(),
    ownKeys: refuse,
  });
}

/** The key at the top of an event that a predicate asks for first when it is told nothing; null if it asks for none. */
export function firstKeyAskedFor(ask: (event: AuditEvent) => unknown): string | null {
  let first: string | null = null;
  const event: Record<string, unknown> = {};
  for (const key of CANONICAL_KEYS) {
    Object.defineProperty(event, key, {
      enumerable: true,
      get() {
        first ??= key;
        throw NOT_KNOWN;
      },
    });
  }
  try {
    ask(event);
  } catch (error) {
    if (!isNotKnown(error)) throw error;
  }
  return first;
}

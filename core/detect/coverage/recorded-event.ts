import type { AuditEvent } from '../../event/audit-event.ts';
import type { Observation } from '../../store/observation.ts';

/** Raised when a rule asks for something that another event of the same kind might hold. */
const MIGHT_HOLD = new Error('an event of this kind might hold it');
export const mightHold = (error: unknown): boolean => error === MIGHT_HOLD;

/** What all events of one kind have in common. Unset: it differs. */
export interface CommonFacts {
  readonly target?: {
    readonly apiGroup: string | null;
    readonly resource: string | null;
    readonly subresource: string | null;
  };
  readonly verb?: string | null;
  readonly stage?: string | null;
  readonly level?: string | null;
  readonly hasRequestBody?: boolean;
  readonly hasResponseBody?: boolean;
}

/** Fields that every event has if a log has them at all. */
export type HasFields = Observation['has'];
export const ALL_FIELDS: HasFields = {
  user: true,
  groups: true,
  sourceIPs: true,
  userAgent: true,
  decision: true,
  moreAnnotations: true,
};

const REST = ['auditID', 'requestURI', 'requestReceivedTimestamp', 'stageTimestamp', 'authenticationMetadata'];
const REFERENCE = ['namespace', 'name', 'uid', 'apiVersion', 'resourceVersion'];

/**
 * Stands for every event of a kind: what they have in common is there, and asking for anything in which they may differ raises.
 * A rule that such an event does not meet could not have met any of them.
 */
export function eventOfKind(facts: CommonFacts, has: HasFields): AuditEvent {
  const event: Record<string, unknown> = { kind: 'Event', apiVersion: 'audit.k8s.io/v1' };
  const isAnswered = facts.stage !== 'RequestReceived';
  const open = [
    ...REST,
    ...(has.sourceIPs ? ['sourceIPs'] : []),
    ...(has.userAgent ? ['userAgent'] : []),
    ...(has.user ? ['impersonatedUser'] : []),
    ...(isAnswered ? ['responseStatus'] : []),
    ...(isAnswered && (has.decision || has.moreAnnotations) ? ['annotations'] : []),
    ...(facts.hasRequestBody === false ? [] : ['requestObject']),
    ...(facts.hasResponseBody === false ? [] : ['responseObject']),
  ];
  for (const key of ['verb', 'stage', 'level'] as const) {
    const value = facts[key];
    if (value === undefined) open.push(key);
    else if (value !== null) event[key] = value;
  }
  if (facts.target === undefined) open.push('objectRef');
  else if (facts.target.resource !== null) event['objectRef'] = referenceOf(facts.target);
  event['user'] = userOf(has);
  leaveOpen(event, open);
  return event;
}

function referenceOf(target: NonNullable<CommonFacts['target']>): Record<string, unknown> {
  const known = Object.entries(target).filter(([, text]) => text !== null);
  return leaveOpen(Object.fromEntries(known), REFERENCE);
}

function userOf(has: HasFields): Record<string, unknown> {
  return leaveOpen({}, [...(has.user ? ['username', 'uid', 'extra'] : []), ...(has.groups ? ['groups'] : [])]);
}

/** One for all: there are many such events. */
const OPEN: PropertyDescriptor = {
  enumerable: true,
  get() {
    throw MIGHT_HOLD;
  },
};

function leaveOpen(target: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  for (const key of keys) Object.defineProperty(target, key, OPEN);
  return target;
}

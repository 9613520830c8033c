import type { AuditEvent } from './audit-event.ts';

/**
 * On an event that was written as `v1beta1` or `v1alpha1`: the `apiVersion` it had. Where only `timestamp` and
 * `metadata.creationTimestamp` gave the times, `TIME_PRECISION` holds `s`: they are whole seconds.
 */
export const ORIGINAL_VERSION = 'decklog.originalVersion';
export const TIME_PRECISION = 'decklog.timePrecision';

type Members = { readonly [key: string]: unknown };

/**
 * The event as `audit.k8s.io/v1` would have it. An event of v1 comes back as it is. Older versions: times under today's names,
 * `objectRef.apiVersion` of v1alpha1 split into group and version, the original version kept under `ORIGINAL_VERSION`.
 */
export function normaliseEvent(event: Members): AuditEvent {
  const { apiVersion } = event;
  if (apiVersion === 'audit.k8s.io/v1beta1') return fromOlder(event, apiVersion);
  if (apiVersion === 'audit.k8s.io/v1alpha1') return { ...fromOlder(event, apiVersion), ...splitReference(event) };
  return event;
}

function fromOlder(event: Members, version: string): AuditEvent {
  const { metadata, timestamp, ...rest } = event;
  const received = event.requestReceivedTimestamp ?? timestamp ?? null;
  const stage = event.stageTimestamp ?? member(metadata, 'creationTimestamp') ?? received;
  const isCoarse = (event.requestReceivedTimestamp ?? null) === null;
  return {
    ...rest,
    apiVersion: 'audit.k8s.io/v1',
    requestReceivedTimestamp: received,
    stageTimestamp: stage,
    [ORIGINAL_VERSION]: version,
    ...(isCoarse ? { [TIME_PRECISION]: 's' } : {}),
  };
}

/** `group/version` in one field; the core group is the version alone. */
function splitReference(event: Members): { objectRef?: Members } {
  const { objectRef } = event;
  const both = member(objectRef, 'apiVersion');
  if (typeof both !== 'string' || !both.includes('/')) return {};
  const slash = both.lastIndexOf('/');
  const [apiGroup, apiVersion] = [both.slice(0, slash), both.slice(slash + 1)];
  return { objectRef: { ...(objectRef as Members), apiGroup, apiVersion } };
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Members)[key] : undefined;
}

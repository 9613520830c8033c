import type { AuditEvent } from '../event/audit-event.ts';
import { queryValues } from '../event/connection.ts';
import { outcomeOf } from '../event/outcome.ts';
import { asList, asText, at, own, textOf } from '../event/value.ts';
import { type Change, differences } from './difference.ts';
import { isMap, type Json, type JsonMap } from './json.ts';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch, applyStrategicPatch, isStrategic } from './merge-patch.ts';

/** An event of an object, as the store numbers it. */
export interface NumberedEvent {
  readonly id: number;
  readonly event: AuditEvent;
}

/** What became of the object. `attempt`: nothing, the request was refused or failed; `seen`: a read shows how it was. */
export type Step = 'created' | 'updated' | 'patched' | 'deleting' | 'deleted' | 'seen' | 'touched' | 'attempt';

/**
 * How well a state is known: `recorded` as the server answered it; `rebuilt` from what was sent, on a state that was known;
 * `partial` only what was sent, the rest is unknown; `unknown` where nothing was recorded.
 */
export type Sureness = 'recorded' | 'rebuilt' | 'partial' | 'unknown';

export interface ObjectState {
  readonly event: number;
  readonly step: Step;
  readonly sureness: Sureness;
  /** The object after it; null: there is none, or nothing is known of it. */
  readonly object: JsonMap | null;
  /** Against the last state that is known. */
  readonly changes: readonly Change[];
  /** What is not known, in a sentence. */
  readonly note: string | null;
}

interface Known {
  readonly object: JsonMap | null;
  readonly sureness: Sureness;
}

const NOTHING: Known = { object: null, sureness: 'unknown' };

/** The states of one object, from its events in order (one for each request). */
export function statesOf(name: string, events: readonly NumberedEvent[]): ObjectState[] {
  const states: ObjectState[] = [];
  let before: Known = NOTHING;
  /** The last state that is known, across writes of which nothing is. */
  let shown: JsonMap | null = null;
  for (const { id, event } of events) {
    const after = nextState(before, event, name);
    if (after === null) continue;
    const isCurrent = after.step !== 'attempt' && after.step !== 'touched';
    if (after.step === 'created') shown = null;
    const isComparable: boolean = shown !== null || after.step === 'created';
    const changes = isCurrent && isComparable && after.object !== null ? differences(shown, after.object) : [];
    if (after.step === 'seen' && before.object !== null && changes.length === 0) continue;
    states.push({ event: id, ...after, changes });
    if (!isCurrent) continue;
    before = { object: after.object, sureness: after.sureness };
    shown = after.step === 'deleted' ? null : after.sureness === 'partial' ? shown : (after.object ?? shown);
  }
  return states;
}

type Next = Omit<ObjectState, 'event' | 'changes'>;

const UNKNOWN_BODY = 'The audit policy recorded no body of this request: what it wrote is not known.';

function nextState(before: Known, event: AuditEvent, name: string): Next | null {
  const verb = asText(event.verb) ?? '';
  if (['get', 'list', 'watch'].includes(verb)) return seen(event, name);
  if (outcomeOf(event) !== 'succeeded') return unchanged('attempt', before, 'It was refused or failed.');
  if (queryValues(event, 'dryRun').includes('All')) return unchanged('attempt', before, 'A dry run changes nothing.');
  const subresource = textOf(event.objectRef, 'subresource');
  if (
    subresource === 'status' &&
    !isMap(event.requestObject) &&
    answered(event) === null &&
    !Array.isArray(event.requestObject)
  )
    return unchanged('touched', before, 'Its status was written; the audit policy recorded no body.');
  if (subresource !== undefined && !WHOLE.has(subresource)) return bySubresource(before, event, subresource);
  switch (verb) {
    case 'create':
      return written('created', event);
    case 'update':
      return written('updated', event);
    case 'patch':
      return patched(before, event);
    case 'delete':
      return deleted(event, before);
    case 'deletecollection':
      return deletedTogether(event, before, name);
    default:
      return unchanged('touched', before, null);
  }
}

/** Subresources whose requests are about the object itself. */
const WHOLE: ReadonlySet<string> = new Set(['status', 'ephemeralcontainers', 'resize', 'finalize', 'approval']);

function unchanged(step: 'attempt' | 'touched', { object, sureness }: Known, note: string | null): Next {
  return { step, sureness, object, note };
}

/** The answer, where it is the object: not a Status, not a list. */
function answered(event: AuditEvent): JsonMap | null {
  const body = event.responseObject;
  if (!isMap(body) || body['kind'] === 'Status' || Array.isArray(body['items'])) return null;
  return isMap(body['metadata']) ? body : null;
}

function seen(event: AuditEvent, name: string): Next | null {
  const answer = answered(event);
  const listed = asList(own(event.responseObject, 'items')).find(
    (item) => at(item, ['metadata', 'name']) === name && isMap(item),
  );
  const object = answer !== null && at(answer, ['metadata', 'name']) === name ? answer : listed;
  return isMap(object) ? { step: 'seen', sureness: 'recorded', object, note: null } : null;
}

function written(step: 'created' | 'updated', event: AuditEvent): Next {
  const answer = answered(event);
  if (answer !== null) return { step, sureness: 'recorded', object: answer, note: null };
  if (!isMap(event.requestObject)) return { step, sureness: 'unknown', object: null, note: UNKNOWN_BODY };
  const note = 'As it was sent; what the server added is not recorded.';
  return { step, sureness: 'rebuilt', object: event.requestObject, note };
}

function patched(before: Known, event: AuditEvent): Next {
  const answer = answered(event);
  if (answer !== null) return { step: 'patched', sureness: 'recorded', object: answer, note: null };
  const patch = event.requestObject as Json | undefined;
  if (patch === undefined || patch === null)
    return { step: 'patched', sureness: 'unknown', object: null, note: UNKNOWN_BODY };
  const isKnown = before.object !== null && before.sureness !== 'unknown';
  try {
    const { object, how } = applied(before.object ?? {}, patch, event);
    const sureness = isKnown && before.sureness !== 'partial' ? 'rebuilt' : 'partial';
    const rest = isKnown ? '' : ' Only what it says is known, not the object that it was made on.';
    return { step: 'patched', sureness, object, note: `Rebuilt from the ${how}.${rest}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const note = `The JSON patch does not fit the state that is known (${why}): writes are missing in the log.`;
    return { step: 'patched', sureness: 'unknown', object: null, note };
  }
}

function applied(before: JsonMap, patch: Json, event: AuditEvent): { object: JsonMap | null; how: string } {
  const asObject = (value: Json) => (isMap(value) ? value : null);
  if (Array.isArray(patch)) return { object: asObject(applyJsonPatch(before, patch)), how: 'JSON patch' };
  if (isStrategic(patch)) return { object: asObject(applyStrategicPatch(before, patch)), how: 'strategic merge patch' };
  if (isApply(patch, event)) {
    const how = 'apply; fields that it took away by leaving them out are not known';
    return { object: asObject(applyStrategicPatch(before, patch)), how };
  }
  const isBuiltIn = BUILT_IN.test(textOf(event.objectRef, 'apiGroup') ?? '');
  const object = isBuiltIn ? applyStrategicPatch(before, patch) : applyMergePatch(before, patch);
  const kind = isBuiltIn ? 'a strategic merge' : 'a merge';
  return { object: asObject(object), how: `patch, read as ${kind}: the log does not say of which kind it was` };
}

/** Groups of Kubernetes itself; custom resources know no strategic merge. */
const BUILT_IN = /^$|^[a-z]+$|\.k8s\.io$/;

/** A server-side apply states what it is about, and who manages it. */
function isApply(patch: Json, event: AuditEvent): boolean {
  const isWhole = isMap(patch) && typeof patch['apiVersion'] === 'string' && typeof patch['kind'] === 'string';
  return isWhole && queryValues(event, 'fieldManager').length > 0;
}

function deleted(event: AuditEvent, before: Known): Next {
  const answer = answered(event);
  const isWaiting = answer !== null && typeof at(answer, ['metadata', 'deletionTimestamp']) === 'string';
  const finalizers = asList(at(answer, ['metadata', 'finalizers']));
  const isGraceful = at(answer, ['metadata', 'deletionGracePeriodSeconds']) !== 0;
  if (isWaiting && (finalizers.length > 0 || isGraceful)) {
    const note = finalizers.length > 0 ? 'It waits for its finalizers.' : 'It ends after its grace period.';
    return { step: 'deleting', sureness: 'recorded', object: answer, note };
  }
  const isAlreadyWaiting = at(before.object, ['metadata', 'deletionTimestamp']) !== undefined;
  return { step: 'deleted', sureness: 'recorded', object: null, note: isAlreadyWaiting ? 'Its end.' : null };
}

function deletedTogether(event: AuditEvent, before: Known, name: string): Next {
  const items = own(event.responseObject, 'items');
  const isNamed = asList(items).some((item) => at(item, ['metadata', 'name']) === name);
  if (Array.isArray(items) && !isNamed) return unchanged('touched', before, 'It was not among those deleted together.');
  if (isNamed) return { step: 'deleted', sureness: 'recorded', object: null, note: 'Deleted together with others.' };
  const selector = [...queryValues(event, 'labelSelector'), ...queryValues(event, 'fieldSelector')].join(', ');
  const note = `Everything ${selector === '' ? 'here' : `that fits ${selector}`} was deleted; whether this object was is not recorded.`;
  return { step: 'deleted', sureness: 'unknown', object: null, note };
}

function bySubresource(before: Known, event: AuditEvent, subresource: string): Next | null {
  const verb = asText(event.verb) ?? '';
  if (subresource === 'scale' && verb !== 'get') return scaled(before, event);
  if (subresource === 'binding') {
    const node = at(event.requestObject, ['target', 'name']);
    const object = typeof node === 'string' ? applyMergePatch(before.object ?? {}, { spec: { nodeName: node } }) : null;
    return fromPart(before, object, 'Put on a node.');
  }
  if (subresource === 'eviction') return { step: 'deleting', ...keep(before), note: 'It was evicted.' };
  return unchanged('touched', before, null);
}

const keep = ({ object, sureness }: Known): Known => ({ object, sureness });

function scaled(before: Known, event: AuditEvent): Next {
  const replicas = at(event.responseObject, ['spec', 'replicas']) ?? at(event.requestObject, ['spec', 'replicas']);
  const object =
    typeof replicas === 'number' ? applyMergePatch(before.object ?? {}, { spec: { replicas } }) : before.object;
  return fromPart(before, object, typeof replicas === 'number' ? 'Scaled.' : UNKNOWN_BODY);
}

function fromPart(before: Known, object: Json, note: string): Next {
  const sureness = before.object === null || before.sureness === 'partial' ? 'partial' : 'rebuilt';
  return { step: 'patched', sureness, object: isMap(object) ? object : null, note };
}

import type { AuditEvent } from './audit-event.ts';
import { objectOfJsonPatch } from './json-patch.ts';
import { oncePerEvent } from './once.ts';
import { asObject, asText, at, type JsonObject, own } from './value.ts';

/**
 * What a write says. Two readings of its bodies are kept apart:
 *
 * - the **intent** is what the caller sent: the request body, for a JSON Patch the partial object it amounts to;
 * - the **effect** is the object as it then stood: the response body, where the policy recorded it.
 *
 * A create or update states the whole object, so the intent is read, and the effect only where the request body is
 * missing. A patch states a difference, so a fact counts only if the patch touches its place, and then the effect is
 * read where it was recorded: a label patch on a privileged DaemonSet is no new privileged container, a patch of its
 * image is. A refused patch has no effect; its intent is read.
 */
export interface Write {
  readonly isPatch: boolean;
  readonly intent: JsonObject | undefined;
  readonly effect: JsonObject | undefined;
}

const WRITES = new Set(['create', 'update', 'patch']);

/** The write that an event records, or null for reads, deletions and events without any body. */
export const writeOf = oncePerEvent(readWrite);

function readWrite(event: AuditEvent): Write | null {
  const verb = asText(event.verb) ?? '';
  if (!WRITES.has(verb)) return null;
  const request = event.requestObject;
  const intent = Array.isArray(request) ? asObject(objectOfJsonPatch(request)) : asObject(request);
  const effect = recordedObject(event.responseObject);
  return intent === undefined && effect === undefined ? null : { isPatch: verb === 'patch', intent, effect };
}

/** A response body that is the object itself: a Status answers a refusal or a deletion, not with the object. */
function recordedObject(body: unknown): JsonObject | undefined {
  const object = asObject(body);
  return object === undefined || own(object, 'kind') === 'Status' ? undefined : object;
}

/** Whether the write says anything at that place. */
export function touches(write: Write, path: readonly string[]): boolean {
  return at(write.intent ?? write.effect, path) !== undefined;
}

/** The whole object as far as it is known: for a patch the effect, else the intent. */
export function objectOf(write: Write): JsonObject | undefined {
  return write.isPatch ? (write.effect ?? write.intent) : (write.intent ?? write.effect);
}

/** The value that the write puts at a place; undefined where a patch does not touch it. */
export function writtenAt(write: Write, path: readonly string[]): unknown {
  return touches(write, path) ? at(objectOf(write), path) : undefined;
}

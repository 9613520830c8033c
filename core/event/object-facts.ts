import type { AuditEvent } from './audit-event.ts';
import { objectOf, touches, writeOf } from './body.ts';
import { requesterOf } from './certificate-request.ts';
import { accountOf, effectiveName } from './identity.ts';
import { ownerOf } from './owner.ts';
import { podOf } from './pod-spec.ts';
import { asList, asText, asTexts, at, entriesOf, own, textOf } from './value.ts';

/** Small facts about the object or the caller of an event that are derived fields of their own. */

const LONGEST_ENTRY = 4096;

/** Namespace of the effective user, if it is a service account. */
export function actorNamespace(event: AuditEvent): string | undefined {
  const account = accountOf(effectiveName(event));
  return account.kind === 'service-account' ? account.namespace : undefined;
}

/** Whether a service account acts outside its own namespace. */
export function isForeign(event: AuditEvent): boolean | undefined {
  const namespace = actorNamespace(event);
  return namespace === undefined ? undefined : textOf(event.objectRef, 'namespace') !== namespace;
}

/** Of a written Pod: whether it names a controlling owner. */
export function isControlled(event: AuditEvent): boolean | undefined {
  const isPod = textOf(event.objectRef, 'resource') === 'pods' && textOf(event.objectRef, 'subresource') === undefined;
  const write = isPod ? writeOf(event) : null;
  if (write === null || podOf(event) === null) return undefined;
  return asList(at(objectOf(write), ['metadata', 'ownerReferences'])).some(
    (owner) => own(owner, 'controller') === true,
  );
}

/** Directory of the node that a written persistent volume gives. */
export function volumePath(event: AuditEvent): string | undefined {
  const write = textOf(event.objectRef, 'resource') === 'persistentvolumes' ? writeOf(event) : null;
  if (write === null || !touches(write, ['spec'])) return undefined;
  const object = objectOf(write);
  return asText(at(object, ['spec', 'hostPath', 'path'])) ?? asText(at(object, ['spec', 'local', 'path']));
}

/** Of a decision on a certificate request: whether the one who decides asked for it. */
export function isSelfDecided(event: AuditEvent): boolean | undefined {
  const requester = textOf(event.objectRef, 'subresource') === 'approval' ? requesterOf(event) : undefined;
  return requester === undefined ? undefined : requester === effectiveName(event);
}

/** `key=value` of each entry that a written config map states. */
export function configMapEntries(event: AuditEvent): readonly string[] {
  const write = textOf(event.objectRef, 'resource') === 'configmaps' ? writeOf(event) : null;
  const data = write === null ? undefined : at(write.intent ?? write.effect, ['data']);
  return entriesOf(data).map(([key, value]) => `${key}=${(asText(value) ?? '').slice(0, LONGEST_ENTRY)}`);
}

/** Name of the object. A create that lets the server choose tells it only in the answer. */
export function objectName(event: AuditEvent): string | undefined {
  const stated = textOf(event.objectRef, 'name');
  if (stated !== undefined && stated !== '') return stated;
  return (
    asText(at(event.responseObject, ['metadata', 'name'])) ?? asText(at(event.requestObject, ['metadata', 'name']))
  );
}

/** `removed` where a patch empties the finalizers, else the names that it sets. */
export function finalizers(event: AuditEvent): string | undefined {
  const write = writeOf(event);
  const stated = write === null || !write.isPatch ? undefined : at(write.intent, ['metadata', 'finalizers']);
  if (stated === undefined) return undefined;
  return asTexts(stated).join(',') || 'removed';
}

/** The owner that alerts roll up to as one text. */
export function ownerText(event: AuditEvent): string | undefined {
  const owner = ownerOf(event);
  return owner === null ? undefined : `${owner.namespace ?? ''}/${owner.resource}/${owner.name}`;
}

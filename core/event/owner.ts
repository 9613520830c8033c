import type { AuditEvent } from './audit-event.ts';
import { effectiveName } from './identity.ts';
import { asList, asObject, asText, at, own, textOf } from './value.ts';

/** The object that an alert is about after rolling up: `{namespace: 'shop', resource: 'deployments', name: 'web'}`. */
export interface Owner {
  readonly namespace: string | null;
  readonly resource: string;
  readonly name: string;
}

/** Letters that Kubernetes draws random suffixes from: no vowels, no 0, 1, 3. */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';
const TEMPLATE_HASH = new RegExp(`^(.+)-${SAFE}{6,10}$`);
const POD_OF_REPLICA_SET = new RegExp(`^(.+)-${SAFE}{8,10}-${SAFE}{5}$`);
const SUFFIX = new RegExp(`^(.+)-${SAFE}{5}$`);
const RUN_OF_CRON_JOB = /^(.+)-\d{8,10}$/;

const RESOURCES: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  DaemonSet: 'daemonsets',
  StatefulSet: 'statefulsets',
  ReplicaSet: 'replicasets',
  ReplicationController: 'replicationcontrollers',
  Job: 'jobs',
  CronJob: 'cronjobs',
};

/**
 * The owner that alerts about this event's object roll up to, so that a Deployment, its ReplicaSets and their pods, a
 * CronJob and its runs, and retries of one generated name are one object. Owner references decide where a body has
 * them; at level Metadata the shape of the name does. Null for requests without a named object.
 */
export function ownerOf(event: AuditEvent): Owner | null {
  const resource = textOf(event.objectRef, 'resource');
  if (resource === undefined) return null;
  const namespace = textOf(event.objectRef, 'namespace') ?? null;
  const owner = referredOwner(event) ?? namedOwner(event, resource);
  return owner === null ? null : { namespace, ...rolledUp(owner) };
}

type Named = Pick<Owner, 'resource' | 'name'>;

/** The controlling owner that the object itself names. */
function referredOwner(event: AuditEvent): Named | null {
  for (const body of [event.responseObject, event.requestObject]) {
    if (own(body, 'kind') === 'Status') continue;
    const references = asList(at(body, ['metadata', 'ownerReferences']));
    const owner = references.find((reference) => own(reference, 'controller') === true);
    const kind = textOf(owner, 'kind') ?? '';
    const name = textOf(owner, 'name');
    if (name !== undefined && Object.hasOwn(RESOURCES, kind)) return { resource: RESOURCES[kind] ?? '', name };
  }
  return null;
}

/** The object by its own name, a generated one without what the server appended. */
function namedOwner(event: AuditEvent, resource: string): Named | null {
  const prefix = asText(at(event.requestObject, ['metadata', 'generateName']));
  if (prefix !== undefined && prefix !== '') return ofPods(resource, prefix.replace(/-$/, ''));
  const name = objectName(event);
  if (name === undefined) return null;
  if (resource !== 'pods') return { resource, name };
  const deployment = POD_OF_REPLICA_SET.exec(name)?.[1];
  if (deployment !== undefined) return { resource: 'deployments', name: deployment };
  return { resource, name: SUFFIX.exec(name)?.[1] ?? name };
}

/** A pod's prefix `web-7d4b9c8f6d` names the ReplicaSet that made it. */
function ofPods(resource: string, prefix: string): Named {
  const isReplicaSet = resource === 'pods' && TEMPLATE_HASH.test(prefix);
  return { resource: isReplicaSet ? 'replicasets' : resource, name: prefix };
}

/** From the ReplicaSet to the Deployment, from the Job to the CronJob, by the shape of the name. */
function rolledUp({ resource, name }: Named): Named {
  if (resource === 'replicasets') {
    const deployment = TEMPLATE_HASH.exec(name)?.[1];
    return deployment === undefined ? { resource, name } : { resource: 'deployments', name: deployment };
  }
  if (resource === 'jobs') {
    const cronJob = RUN_OF_CRON_JOB.exec(name)?.[1];
    return cronJob === undefined ? { resource, name } : { resource: 'cronjobs', name: cronJob };
  }
  return { resource, name };
}

/** The name of the object of a request: of the URL, else of the bodies (creates name it there). */
export function objectName(event: AuditEvent): string | undefined {
  return (
    textOf(event.objectRef, 'name') ?? bodyName(event.responseObject) ?? bodyName(event.requestObject) ?? undefined
  );
}

/** A Status has no name of an object in its metadata; a List has none either. */
function bodyName(body: unknown): string | undefined {
  const object = asObject(body);
  return object === undefined || object.kind === 'Status'
    ? undefined
    : asText(at(object, ['metadata', 'name'])) || undefined;
}

/**
 * Whether the effective user is one of the known controllers, given as user names in which a `*` at the end stands for
 * any rest (`rules/lists/controllers.yml`).
 */
export function isController(event: AuditEvent, controllers: readonly string[]): boolean {
  const name = effectiveName(event);
  return controllers.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));
}

import type { AuditEvent } from './audit-event.ts';
import { objectOf, touches, type Write, writeOf, writtenAt } from './body.ts';
import { oncePerEvent } from './once.ts';
import { asList, asObject, asText, at, type JsonObject, own, textOf } from './value.ts';

export type ContainerKind = 'container' | 'init' | 'ephemeral';

export interface ContainerView {
  readonly kind: ContainerKind;
  readonly container: JsonObject;
}

/** The pod spec of a written Pod or workload, and its containers of all three kinds. */
export interface PodView {
  readonly spec: JsonObject;
  readonly containers: readonly ContainerView[];
  /** The metadata that pods made from it get: the pod's own, or the template's. */
  readonly metadata: JsonObject | undefined;
}

/** Where the object that holds `metadata` and `spec` of a pod lies in each kind of workload. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  pods: [],
  deployments: ['spec', 'template'],
  daemonsets: ['spec', 'template'],
  statefulsets: ['spec', 'template'],
  replicasets: ['spec', 'template'],
  replicationcontrollers: ['spec', 'template'],
  jobs: ['spec', 'template'],
  cronjobs: ['spec', 'jobTemplate', 'spec', 'template'],
  podtemplates: ['template'],
};

/** Resources whose writes can carry a pod spec, for coverage: without bodies of these, pod rules are blind. */
export const POD_SPEC_RESOURCES: readonly string[] = Object.keys(TEMPLATES);

const KINDS: Readonly<Record<string, string>> = {
  Pod: 'pods',
  Deployment: 'deployments',
  DaemonSet: 'daemonsets',
  StatefulSet: 'statefulsets',
  ReplicaSet: 'replicasets',
  ReplicationController: 'replicationcontrollers',
  Job: 'jobs',
  CronJob: 'cronjobs',
  PodTemplate: 'podtemplates',
};

/**
 * The pod spec that an event writes, wherever it lies, or null. `core/event/body.ts` says which body is read. Custom
 * workloads that follow the usual layout (`spec.template.spec.containers`) are read as well.
 */
export const podOf = oncePerEvent(readPod);

function readPod(event: AuditEvent): PodView | null {
  const write = writeOf(event);
  if (write === null) return null;
  const subresource = textOf(event.objectRef, 'subresource');
  if (subresource === 'ephemeralcontainers') return ephemeralOnly(write);
  if (subresource !== undefined) return null;
  const template = templateOf(event, write);
  if (template === undefined) return null;
  const spec = asObject(writtenAt(write, [...template, 'spec']));
  return spec === undefined ? null : viewOf(spec, asObject(at(objectOf(write), [...template, 'metadata'])));
}

/** The debug containers that the request adds: the rest of the pod was there before and is not its author's doing. */
function ephemeralOnly(write: Write): PodView | null {
  const intended = at(write.intent, ['spec', 'ephemeralContainers']);
  const ephemeralContainers = intended ?? at(write.effect, ['spec', 'ephemeralContainers']);
  const volumes = at(write.effect ?? write.intent, ['spec', 'volumes']);
  return ephemeralContainers === undefined ? null : viewOf({ ephemeralContainers, volumes }, undefined);
}

const LEGACY_GROUPS = new Set(['', 'apps', 'batch', 'extensions']);

function templateOf(event: AuditEvent, write: Write): readonly string[] | undefined {
  const resource = textOf(event.objectRef, 'resource') ?? KINDS[asText(own(objectOf(write), 'kind')) ?? ''];
  const group = textOf(event.objectRef, 'apiGroup') ?? '';
  if (resource === undefined) return undefined;
  if (LEGACY_GROUPS.has(group)) return Object.hasOwn(TEMPLATES, resource) ? TEMPLATES[resource] : undefined;
  const usual = ['spec', 'template'];
  return touches(write, usual) && asList(at(objectOf(write), [...usual, 'spec', 'containers'])).length > 0
    ? usual
    : undefined;
}

const PLACES: readonly (readonly [string, ContainerKind])[] = [
  ['containers', 'container'],
  ['initContainers', 'init'],
  ['ephemeralContainers', 'ephemeral'],
];

function viewOf(spec: JsonObject, metadata: JsonObject | undefined): PodView {
  const containers = PLACES.flatMap(([key, kind]) =>
    asList(own(spec, key)).flatMap((value) => {
      const container = asObject(value);
      return container === undefined || own(container, '$patch') === 'delete' ? [] : [{ kind, container }];
    }),
  );
  return { spec, containers, metadata };
}

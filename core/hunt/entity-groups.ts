import type { EntityKind } from '../contract/scope.ts';
import { accountOf } from '../event/identity.ts';
import { ownerOf } from '../event/owner.ts';
import type { EventIndex } from '../store/event-index.ts';
import { type Groups, groupsOf } from './groups.ts';

/** Kinds of entities that columns tell; images stand in bodies. */
export type ColumnKind = Exclude<EntityKind, 'image'>;
export const COLUMN_KINDS: readonly ColumnKind[] = [
  'user',
  'serviceaccount',
  'address',
  'agent',
  'namespace',
  'node',
  'workload',
  'object',
];

const known = new WeakMap<EventIndex, Map<ColumnKind, Groups>>();

/** Events by entity; the name null stands for those that concern none of the kind. */
export function entityGroups(index: EventIndex, kind: ColumnKind): Groups {
  const kinds = known.get(index) ?? new Map<ColumnKind, Groups>();
  known.set(index, kinds);
  const groups = kinds.get(kind) ?? makeGroups(index, kind);
  kinds.set(kind, groups);
  return groups;
}

function makeGroups(index: EventIndex, kind: ColumnKind): Groups {
  switch (kind) {
    case 'user':
      return renamed(groupsOf(index, 'identity'), (name) => (isServiceAccount(name) ? null : name));
    case 'serviceaccount':
      return renamed(groupsOf(index, 'identity'), (name) => (isServiceAccount(name) ? name : null));
    case 'address':
      return groupsOf(index, 'address');
    case 'agent':
      return groupsOf(index, 'userAgent');
    case 'namespace':
      return groupsOf(index, 'namespace');
    case 'object':
      return groupsOf(index, 'object');
    case 'workload':
      return renamed(groupsOf(index, 'object'), workloadOf);
    case 'node':
      return nodes(index);
  }
}

const isServiceAccount = (name: string | null): boolean => name !== null && accountOf(name).kind === 'service-account';

/** The same events under other names; equal names become one. */
function renamed({ ids, keyOf, names }: Groups, rename: (name: string | null) => string | null): Groups {
  const joined: (string | null)[] = [];
  const keys = new Map<string | null, number>();
  const moved = names.map((before) => {
    const name = rename(before);
    const key = keys.get(name) ?? joined.push(name) - 1;
    keys.set(name, key);
    return key;
  });
  return { ids, keyOf: keyOf.map((key) => moved[key] as number), names: joined };
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'pods',
  'deployments',
  'daemonsets',
  'statefulsets',
  'replicasets',
  'replicationcontrollers',
  'jobs',
  'cronjobs',
]);

/** The owner that a pod or a workload rolls up to, by the shape of its name. */
function workloadOf(object: string | null): string | null {
  const [namespace, resource, name] = object?.split('/') ?? [];
  if (resource === undefined || name === undefined || !WORKLOADS.has(resource)) return null;
  const owner = ownerOf({ objectRef: { namespace, resource, name } });
  return owner === null
    ? null
    : [owner.namespace, owner.resource, owner.name].filter((part) => part !== null).join('/');
}

/** What a kubelet did, and what was done to its node. */
function nodes(index: EventIndex): Groups {
  const identities = groupsOf(index, 'identity');
  const objects = groupsOf(index, 'object');
  const names: (string | null)[] = [null];
  const keys = new Map<string, number>();
  const keyFor = (name: string) => {
    const key = keys.get(name) ?? names.push(name) - 1;
    keys.set(name, key);
    return key;
  };
  const ofObject = objects.names.map((object) => (object?.startsWith('nodes/') ? keyFor(object.slice(6)) : 0));
  const ofIdentity = identities.names.map((name) => {
    const account = accountOf(name ?? '');
    return account.kind === 'node' ? keyFor(account.name) : 0;
  });
  const ids = new Uint32Array(index.columns.count);
  for (let row = 0; row < ids.length; row++) {
    const object = ofObject[objects.keyOf[objects.ids[row] as number] as number] as number;
    ids[row] = object || (ofIdentity[identities.keyOf[identities.ids[row] as number] as number] as number);
  }
  return { ids, keyOf: new Uint32Array(names.length).map((_, at) => at), names };
}

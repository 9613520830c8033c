import { asList, asTexts, at, own, textOf } from '../event/value.ts';
import { type NumberedEvent, statesOf } from './object-states.ts';

/** One rule of a role. Empty `resourceNames`: all of them. */
export interface RoleRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export interface Role {
  /** `ClusterRole/ops`, `Role/payments/ops`. */
  readonly key: string;
  /** Null: the log does not hold them. */
  readonly rules: readonly RoleRule[] | null;
}

export interface Subject {
  readonly kind: string;
  /** As users are named: of a service account `system:serviceaccount:namespace:name`. */
  readonly name: string;
}

export interface Binding {
  /** `ClusterRoleBinding/ops`, `RoleBinding/payments/ops`. */
  readonly key: string;
  /** Where it holds; null: everywhere. */
  readonly namespace: string | null;
  readonly role: string;
  readonly subjects: readonly Subject[];
  /** Written or read in the log, or named by the server as the reason why it allowed a request. */
  readonly known: 'recorded' | 'by use';
  /** The event that shows it. */
  readonly event: number;
}

export interface RbacState {
  readonly roles: ReadonlyMap<string, Role>;
  readonly bindings: readonly Binding[];
  /** Roles and bindings of which only some writes were recorded with a body. */
  readonly unknown: readonly string[];
  /** Events that deleted a role or a binding, by key; where many were deleted together it may have been spared. */
  readonly gone: ReadonlyMap<string, number>;
}

const KINDS: Readonly<Record<string, string>> = {
  clusterroles: 'ClusterRole',
  roles: 'Role',
  clusterrolebindings: 'ClusterRoleBinding',
  rolebindings: 'RoleBinding',
};

/** An object of RBAC with its requests, in order. */
export interface RbacObject {
  readonly resource: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly events: readonly NumberedEvent[];
}

/** Roles and bindings as their requests have left them. */
export function rbacState(objects: readonly RbacObject[]): RbacState {
  const roles = new Map<string, Role>();
  const bindings: Binding[] = [];
  const unknown: string[] = [];
  const gone = new Map<string, number>();
  for (const { resource, namespace, name, events } of objects) {
    const key = keyOf(KINDS[resource] ?? resource, namespace, name);
    const last = statesOf(name, events).findLast(({ step }) => step !== 'attempt' && step !== 'touched');
    if (last?.step === 'deleted') gone.set(key, last.event);
    if (last === undefined || last.step === 'deleted') continue;
    if (last.object === null || last.sureness === 'partial') unknown.push(key);
    if (resource.endsWith('bindings')) {
      const binding = bindingOf(key, namespace, last.object, last.event);
      if (binding !== null) bindings.push(binding);
    } else roles.set(key, { key, rules: last.object === null ? null : rulesOf(last.object) });
  }
  return { roles, bindings, unknown, gone };
}

const keyOf = (kind: string, namespace: string | null, name: string): string =>
  [kind, namespace, name].filter((part) => part !== null).join('/');

function rulesOf(object: unknown): RoleRule[] | null {
  const rules = own(object, 'rules');
  if (rules === undefined) return null;
  return asList(rules).map((rule) => ({
    verbs: asTexts(own(rule, 'verbs')),
    apiGroups: asTexts(own(rule, 'apiGroups')),
    resources: asTexts(own(rule, 'resources')),
    resourceNames: asTexts(own(rule, 'resourceNames')),
    nonResourceURLs: asTexts(own(rule, 'nonResourceURLs')),
  }));
}

function bindingOf(key: string, namespace: string | null, object: unknown, event: number): Binding | null {
  const name = textOf(at(object, ['roleRef']), 'name');
  if (name === undefined) return null;
  const kind = textOf(at(object, ['roleRef']), 'kind') ?? 'ClusterRole';
  const subjects = asList(own(object, 'subjects')).map((subject) => subjectOf(subject, namespace));
  return { key, namespace, role: roleKey(kind, namespace, name), subjects, known: 'recorded', event };
}

const roleKey = (kind: string, namespace: string | null, name: string): string =>
  keyOf(kind, kind === 'Role' ? namespace : null, name);

function subjectOf(subject: unknown, namespace: string | null): Subject {
  const kind = textOf(subject, 'kind') ?? 'User';
  const name = textOf(subject, 'name') ?? '';
  if (kind !== 'ServiceAccount') return { kind, name };
  return { kind, name: `system:serviceaccount:${textOf(subject, 'namespace') ?? namespace ?? ''}:${name}` };
}

const REASON =
  /(ClusterRoleBinding|RoleBinding) "([^"]+)" of (ClusterRole|Role) "([^"]+)" to (User|Group|ServiceAccount) "([^"]+)"/;

/** The binding that a server names as the reason why it allowed a request. */
export function bindingOfReason(reason: string, event: number): Binding | null {
  const [, bindingKind, bindingName = '', kind = '', role = '', subjectKind = '', subject = ''] =
    REASON.exec(reason) ?? [];
  if (bindingKind === undefined) return null;
  const [name = '', namespace] = bindingKind === 'RoleBinding' ? bindingName.split('/') : [bindingName];
  const [account = '', space = ''] = subject.split('/');
  const isAccount = subjectKind === 'ServiceAccount';
  return {
    key: keyOf(bindingKind, namespace ?? null, name),
    namespace: namespace ?? null,
    role: roleKey(kind, namespace ?? null, role),
    subjects: [{ kind: subjectKind, name: isAccount ? `system:serviceaccount:${space}:${account}` : subject }],
    known: 'by use',
    event,
  };
}

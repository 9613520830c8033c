import type { AuditEvent } from './audit-event.ts';
import { objectOf, touches, writeOf, writtenAt } from './body.ts';
import { asList, asText, asTexts, at, entriesOf, own, textOf } from './value.ts';

/** What roles grant, whom bindings name, and what certificate requests and admission say about identities. */

const GROUP = 'rbac.authorization.k8s.io';
const isOf = (event: AuditEvent, group: string, resources: readonly string[]) =>
  textOf(event.objectRef, 'apiGroup') === group && resources.includes(textOf(event.objectRef, 'resource') ?? '');

const isRole = (event: AuditEvent) => isOf(event, GROUP, ['roles', 'clusterroles']);
const isBinding = (event: AuditEvent) => isOf(event, GROUP, ['rolebindings', 'clusterrolebindings']);

/** A role that spells out more grants than this gets one more text, `too-many`, instead of the rest. */
const MAXIMUM_GRANTS = 5000;
const CORE = 'core';

/** `verb group/resource` for each grant of a written role; the core group is `core`, wildcards stay `*`. */
export function grantsOf(event: AuditEvent): readonly string[] {
  const write = isRole(event) ? writeOf(event) : null;
  if (write === null) return [];
  const grants: string[] = [];
  for (const rule of asList(writtenAt(write, ['rules']))) {
    for (const grant of grantsOfRule(rule)) {
      if (grants.length === MAXIMUM_GRANTS) return [...grants, 'too-many'];
      grants.push(grant);
    }
  }
  return grants;
}

function* grantsOfRule(rule: unknown): Generator<string> {
  const names = asTexts(own(rule, 'resourceNames'));
  const suffix = names.length > 0 ? ` names=${names.join(',')}` : '';
  const groups = asTexts(own(rule, 'apiGroups')).map((group) => group || CORE);
  for (const verb of asTexts(own(rule, 'verbs'))) {
    for (const url of asTexts(own(rule, 'nonResourceURLs'))) yield `${verb} url:${url}`;
    for (const group of groups)
      for (const resource of asTexts(own(rule, 'resources'))) yield `${verb} ${group}/${resource}${suffix}`;
  }
}

const AGGREGATE = /^rbac\.authorization\.k8s\.io\/aggregate-to-(.+)$/;

/** Built-in roles that a written cluster role is added to by label: `admin`, `edit`, `view` or others. */
export function aggregatesTo(event: AuditEvent): readonly string[] {
  const write = isRole(event) ? writeOf(event) : null;
  if (write === null) return [];
  return entriesOf(writtenAt(write, ['metadata', 'labels'])).flatMap(([key, value]) => {
    const role = AGGREGATE.exec(key)?.[1];
    return role !== undefined && asText(value) === 'true' ? [role] : [];
  });
}

/** `ClusterRole/cluster-admin`: the role that a written binding gives; a patch counts when it changes the subjects. */
export function boundRole(event: AuditEvent): string | undefined {
  const write = isBinding(event) ? writeOf(event) : null;
  if (write === null || !(touches(write, ['subjects']) || touches(write, ['roleRef']))) return undefined;
  const role = at(objectOf(write), ['roleRef']);
  const name = textOf(role, 'name');
  return name === undefined ? undefined : `${textOf(role, 'kind') ?? 'ClusterRole'}/${name}`;
}

/** `User/name`, `Group/name` or `ServiceAccount/namespace/name` for each subject of a written binding. */
export function boundSubjects(event: AuditEvent): readonly string[] {
  const write = isBinding(event) ? writeOf(event) : null;
  if (write === null) return [];
  return asList(writtenAt(write, ['subjects'])).map((subject) => {
    const kind = textOf(subject, 'kind') ?? 'User';
    const name = textOf(subject, 'name') ?? '';
    return kind === 'ServiceAccount' ? `${kind}/${textOf(subject, 'namespace') ?? ''}/${name}` : `${kind}/${name}`;
  });
}

/** Users and service accounts among the subjects of a written binding, as they stand in `user.username`. */
export const boundUsers = (event: AuditEvent): readonly string[] =>
  boundSubjects(event).flatMap((subject) => {
    const [, user] = /^User\/(.*)$/s.exec(subject) ?? [];
    const [, namespace, account] = /^ServiceAccount\/([^/]*)\/(.*)$/s.exec(subject) ?? [];
    if (account !== undefined) return [`system:serviceaccount:${namespace}:${account}`];
    return user === undefined ? [] : [user];
  });

/** `enforce=privileged` for each Pod Security label that a written namespace carries or a patch sets. */
export function podSecurityLabels(event: AuditEvent): readonly string[] {
  const write = textOf(event.objectRef, 'resource') === 'namespaces' ? writeOf(event) : null;
  if (write === null) return [];
  const prefix = 'pod-security.kubernetes.io/';
  const source = write.isPatch ? (write.intent ?? write.effect) : objectOf(write);
  return entriesOf(at(source, ['metadata', 'labels'])).flatMap(([key, value]) =>
    key.startsWith(prefix) ? [`${key.slice(prefix.length)}=${asText(value) ?? 'removed'}`] : [],
  );
}

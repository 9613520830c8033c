import { stringify } from 'yaml';
import type { Use } from './access.ts';

interface LeastRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

export interface LeastRole {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'Role' | 'ClusterRole';
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly LeastRule[];
}

/** The roles that would have allowed all requests that were allowed, and no more kinds of requests: one for each namespace. */
export function leastRoles(subject: string, uses: readonly Use[]): LeastRole[] {
  const allowed = uses.filter((use) => use.allowed > 0);
  const byNamespace = Map.groupBy(allowed, ({ namespace }) => namespace);
  const name = `${subject.replace(/[^a-z0-9.-]+/gi, '-').toLowerCase()}-least`;
  return [...byNamespace.keys()].sort(compare).map((namespace) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === null ? 'ClusterRole' : 'Role',
    metadata: { name, ...(namespace !== null && { namespace }) },
    rules: rulesOf(byNamespace.get(namespace) ?? []),
  }));
}

/** The same as YAML documents. */
export function leastRoleYaml(roles: readonly LeastRole[]): string {
  return roles.map((role) => stringify(role)).join('---\n');
}

/** Resources of one group with the same verbs share a rule. */
function rulesOf(uses: readonly Use[]): LeastRule[] {
  const verbs = new Map<string, { group: string; resource: string | null; url: string | null; verbs: Set<string> }>();
  for (const { verb, apiGroup, resource, url } of uses) {
    const key = JSON.stringify([apiGroup ?? '', resource, url]);
    const entry = verbs.get(key) ?? { group: apiGroup ?? '', resource, url, verbs: new Set<string>() };
    entry.verbs.add(verb);
    verbs.set(key, entry);
  }
  const same = Map.groupBy(verbs.values(), ({ group, url, verbs: own }) =>
    JSON.stringify([url === null, group, [...own].sort()]),
  );
  return [...same]
    .sort(([a], [b]) => compare(a, b))
    .map(([, members]) => {
      const sorted = [...(members[0]?.verbs ?? [])].sort();
      const urls = members.flatMap(({ url }) => url ?? []).sort();
      if (urls.length > 0) return { nonResourceURLs: urls, verbs: sorted };
      return {
        apiGroups: [members[0]?.group ?? ''],
        resources: members.flatMap(({ resource }) => resource ?? []).sort(),
        verbs: sorted,
      };
    });
}

function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return a === null || (b !== null && a < b) ? -1 : 1;
}

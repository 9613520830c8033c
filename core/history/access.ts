import type { AccessGrant, AccessUse } from '../contract/rows.ts';
import type { Binding, RbacState, Role, RoleRule } from './rbac.ts';

/** What an identity asked for, counted by kind of request. */
export type Use = Omit<AccessUse, 'granted' | 'by'>;

export interface Bound extends Binding {
  /** `User alice`, `Group ops`. */
  readonly via: string;
}

/** Kubernetes' own role that may do everything; the log of a cluster does not hold its making. */
const ADMIN: Role = {
  key: 'ClusterRole/cluster-admin',
  rules: [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
    { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
  ],
};
/** Members pass every authorisation, whatever roles say. */
export const MASTERS = 'system:masters';

/** Bindings that name an identity or one of its groups; each once, one that was recorded before one known by its use. */
export function bindingsOf(name: string, groups: readonly string[], bindings: readonly Binding[]): Bound[] {
  const found = new Map<string, Bound>();
  for (const binding of bindings) {
    const subject = binding.subjects.find(({ kind, name: other }) =>
      kind === 'Group' ? groups.includes(other) : other === name,
    );
    if (subject === undefined) continue;
    const known = found.get(binding.key);
    if (known === undefined || (known.known === 'by use' && binding.known === 'recorded'))
      found.set(binding.key, { ...binding, via: `${subject.kind} ${subject.name}` });
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What the bindings grant; `used` counts the requests that each grant would have allowed. */
export function grantsOf(
  bound: readonly Bound[],
  groups: readonly string[],
  { roles }: RbacState,
  uses: readonly Use[],
): AccessGrant[] {
  const grants = bound.flatMap(({ key, role, namespace }) =>
    (rulesOf(role, roles) ?? []).map((rule) => ({ ...rule, by: key, role, namespace })),
  );
  const masters = groups.includes(MASTERS)
    ? (ADMIN.rules ?? []).map((rule) => ({ ...rule, by: `Group ${MASTERS}`, role: 'every right', namespace: null }))
    : [];
  return [...masters, ...grants].map((grant) => ({
    ...grant,
    used: uses.filter((use) => use.allowed > 0 && allows(grant, use)).reduce((sum, { allowed }) => sum + allowed, 0),
  }));
}

/** The rules of a role; null where the log does not hold them. */
export function rulesOf(role: string, roles: ReadonlyMap<string, Role>): readonly RoleRule[] | null {
  return roles.get(role)?.rules ?? (role === ADMIN.key ? ADMIN.rules : null);
}

/** Requests with whether what is known to be granted allows them. What the server allowed was granted by something. */
export function judged(uses: readonly Use[], grants: readonly AccessGrant[]): AccessUse[] {
  return uses.map((use) => {
    const by = [...new Set(grants.filter((grant) => allows(grant, use)).map((grant) => grant.by))];
    return { ...use, granted: by.length > 0 ? 'yes' : use.allowed > 0 ? 'unknown' : 'no', by };
  });
}

/** Whether a grant allows a request, as Kubernetes matches rules; of a grant for some names it says that it may. */
function allows(grant: Omit<AccessGrant, 'used'>, { verb, apiGroup, resource, namespace, url }: Use): boolean {
  if (!holds(grant.verbs, verb)) return false;
  if (url !== null) return grant.namespace === null && grant.nonResourceURLs.some((pattern) => fitsUrl(pattern, url));
  if (grant.namespace !== null && grant.namespace !== namespace) return false;
  return (
    holds(grant.apiGroups, apiGroup ?? '') && grant.resources.some((pattern) => fitsResource(pattern, resource ?? ''))
  );
}

const holds = (wanted: readonly string[], value: string): boolean => wanted.includes('*') || wanted.includes(value);

function fitsResource(pattern: string, resource: string): boolean {
  if (pattern === '*' || pattern === resource) return true;
  const subresource = resource.split('/')[1];
  return subresource !== undefined && pattern === `*/${subresource}`;
}

const fitsUrl = (pattern: string, url: string): boolean =>
  pattern.endsWith('*') ? url.startsWith(pattern.slice(0, -1)) : pattern === url;

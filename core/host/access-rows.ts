import type { Res } from '../contract/calls.ts';
import type { AccessRow } from '../contract/entity-calls.ts';
import type { Access, AccessUse } from '../contract/rows.ts';
import { parseTime } from '../event/time.ts';
import { compareNames } from '../hunt/groups.ts';

/** Used against granted by resource, as the page of an entity shows it. */
export function accessRows({ used, grants, notes, leastRole }: Access): Res<'entities/access'> {
  const byResource = Map.groupBy(used, nameOf);
  const rows = [...byResource].map(([resource, uses]) => rowOf(resource, uses));
  const unused = grants
    .filter((grant) => grant.used === 0)
    .map(
      ({ resources, nonResourceURLs, verbs, namespace, by }): AccessRow => ({
        resource: [...resources, ...nonResourceURLs].join(', '),
        namespaces: namespace === null ? [] : [namespace],
        verbs: verbs.map((verb) => ({ verb, used: 0, isGranted: true })),
        ...{ used: 0, lastUsed: null, grantedBy: [by] },
      }),
    );
  return {
    rows: [...rows, ...unused].sort((a, b) => b.used - a.used || compareNames(a.resource, b.resource)),
    ...{ leastRole, notes },
  };
}

const nameOf = ({ apiGroup, resource, url }: AccessUse): string =>
  url ?? (apiGroup === null ? (resource ?? '') : `${resource}.${apiGroup}`);

function rowOf(resource: string, uses: readonly AccessUse[]): AccessRow {
  const byVerb = Map.groupBy(uses, ({ verb }) => verb);
  const times = uses.flatMap(({ lastTime }) => (lastTime === null ? [] : (parseTime(lastTime) ?? [])));
  return {
    resource,
    namespaces: [...new Set(uses.flatMap(({ namespace }) => namespace ?? []))].sort(),
    verbs: [...byVerb].map(([verb, own]) => ({
      verb,
      used: sum(own),
      isGranted: own.some(({ granted, allowed }) => granted === 'yes' || allowed > 0),
    })),
    used: sum(uses),
    lastUsed: times.length === 0 ? null : Math.max(...times),
    grantedBy: [...new Set(uses.flatMap(({ by }) => by))].sort(),
  };
}

const sum = (uses: readonly AccessUse[]): number =>
  uses.reduce((total, { allowed, denied }) => total + allowed + denied, 0);

import { LEVELS } from '../contract/rows.ts';
import type { ReportEntity, ReportFinding } from './model.ts';

/** Identities, objects and addresses that findings name, by kind and first time. */
export function entitiesOf(findings: readonly ReportFinding[]): ReportEntity[] {
  const entities = new Map<string, Growing>();
  for (const finding of findings) for (const named of namesIn(finding)) note(entities, named, finding);
  return [...entities.values()].sort(
    (a, b) => compare(a.kind, b.kind) || compare(a.firstTime, b.firstTime) || compare(a.name, b.name),
  );
}

type Named = Pick<ReportEntity, 'kind' | 'name'>;

function namesIn({ user, users, impersonatedUser, namespace, object, sourceIPs }: ReportFinding): Named[] {
  const people = [...new Set([user, ...users, ...(impersonatedUser === null ? [] : [impersonatedUser])])];
  const place = object === null ? null : namespace === null ? object : `${namespace}/${object}`;
  return [
    ...people.map(
      (name): Named => ({ kind: 'identity', name: name === '' ? 'no identity (not authenticated)' : name }),
    ),
    ...(place === null ? [] : [{ kind: 'object', name: place } as const]),
    ...sourceIPs.map((name): Named => ({ kind: 'address', name })),
  ];
}

/** As `ReportEntity`, while it grows. */
interface Growing extends Omit<ReportEntity, 'findings'> {
  firstTime: string;
  lastTime: string;
  level: ReportEntity['level'];
  readonly findings: number[];
}

function note(entities: Map<string, Growing>, { kind, name }: Named, finding: ReportFinding): void {
  const { id, level, firstTime, lastTime } = finding;
  const key = `${kind} ${name}`;
  const known = entities.get(key) ?? { kind, name, firstTime, lastTime, findings: [], level };
  entities.set(key, known);
  if (known.findings.at(-1) === id) return;
  known.findings.push(id);
  if (firstTime < known.firstTime) known.firstTime = firstTime;
  if (lastTime > known.lastTime) known.lastTime = lastTime;
  if (LEVELS.indexOf(level) > LEVELS.indexOf(known.level)) known.level = level;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

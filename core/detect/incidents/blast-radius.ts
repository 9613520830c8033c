import type { BlastRadius, IncidentIdentity, Persistence, SecretRead, TouchedObject } from '../../contract/rows.ts';
import { formatTime } from '../../event/time.ts';
import { strandKey } from '../../store/strand-reader.ts';
import { type Deed, ENTER, WORKLOADS } from '../links/find-links.ts';
import type { Habits } from '../links/habits.ts';
import type { Group } from './join.ts';
import { objectKeyOf, type Sighting } from './sighting.ts';
import { sessionGap, type Thread } from './threads.ts';

/** Entries of each list; the rest is counted. */
const MOST = 300;

/** What a story has reached: identities, secrets, workloads, what it left behind. `deeds` are by time. */
export function blastRadiusOf(
  group: Group,
  sightings: readonly Sighting[],
  deeds: readonly Deed[],
  habits: Habits,
  isController: (user: string) => boolean,
): BlastRadius {
  const own = ownDeeds(group, deeds, habits);
  const identities = identitiesOf(group, habits);
  const secrets = secretsOf(own);
  const workloads = touchedOf(own.filter(({ fields }) => WORKLOADS.has(fields.resource ?? '')));
  const persistence = persistenceOf(own, deeds, isController);
  const places = [...own.map(({ fields }) => fields.namespace), ...sightings.map(({ finding }) => finding.namespace)];
  const nodes = [
    ...own.flatMap(({ fields }) => (fields.resource === 'nodes' ? [fields.name] : [])),
    ...own.flatMap(({ facts }) => facts.node ?? []),
  ];
  const all = { identities, secrets, workloads, persistence };
  const cut = Object.fromEntries(
    Object.entries(all).flatMap(([name, list]) => (list.length > MOST ? [[name, list.length]] : [])),
  );
  return {
    identities: identities.slice(0, MOST),
    secrets: secrets.slice(0, MOST),
    workloads: workloads.slice(0, MOST),
    persistence: persistence.slice(0, MOST),
    namespaces: distinct(places).slice(0, MOST),
    nodes: distinct(nodes).slice(0, MOST),
    ...(Object.keys(cut).length > 0 && { cut }),
  };
}

const distinct = (values: readonly (string | null)[]) => [...new Set(values.flatMap((value) => value ?? []))].sort();

/** Requests of the story's hands; of somebody at home only those of the session. */
function ownDeeds({ threads }: Group, deeds: readonly Deed[], habits: Habits): Deed[] {
  const byStrand = Map.groupBy(threads, ({ strand }) => strandKey(strand));
  const gap = sessionGap(habits.span);
  return deeds.filter((deed) =>
    (byStrand.get(deed.key) ?? []).some(
      ({ kind, first, last }) => kind === 'stranger' || (deed.time >= first - gap && deed.time <= last + gap),
    ),
  );
}

function identitiesOf({ threads, links }: Group, habits: Habits): IncidentIdentity[] {
  return [...Map.groupBy(threads, ({ strand }) => strand.user)]
    .map(([user, same]): IncidentIdentity & { at: number } => {
      const sorted = [...same].sort((a, b) => a.first - b.first || (a.key < b.key ? -1 : 1));
      const rows = sorted.map((thread) => ({
        thread,
        row: thread.kind === 'stranger' ? habits.row(thread.strand) : undefined,
      }));
      const first = Math.min(...rows.map(({ thread, row }) => row?.first ?? thread.first));
      const last = Math.max(...rows.map(({ thread, row }) => row?.last ?? thread.last));
      const tie = links.find(
        ({ to, kind, at }) => to.user === user && at <= (sorted[0] as Thread).first && !kind.startsWith('shared'),
      );
      const events = rows.reduce(
        (sum, { thread, row }) =>
          sum + (row?.events ?? new Set(thread.sightings.flatMap(({ finding }) => finding.auditIDs)).size),
        0,
      );
      return {
        at: first,
        user,
        addresses: [...new Set(sorted.flatMap(({ strand }) => strand.address ?? []))],
        firstTime: formatTime(first),
        lastTime: formatTime(last),
        events,
        how: tie === undefined ? (sorted[0]?.why ?? '') : `${tie.reason} (${tie.certainty})`,
      };
    })
    .sort((a, b) => a.at - b.at || (a.user < b.user ? -1 : 1))
    .map(({ at: _, ...identity }) => identity);
}

function secretsOf(own: readonly Deed[]): SecretRead[] {
  const reads = own.filter(
    ({ fields, isDone }) =>
      isDone && fields.resource === 'secrets' && ['get', 'list', 'watch'].includes(fields.verb ?? ''),
  );
  const groups = Map.groupBy(reads, ({ fields, strand }) =>
    JSON.stringify([fields.namespace, fields.name, strand.user]),
  );
  return [...groups.values()].map((same) => {
    const { fields, strand, time } = same[0] as Deed;
    return {
      namespace: fields.namespace,
      name: fields.name,
      user: strand.user,
      time: formatTime(time),
      count: same.length,
    };
  });
}

const DEEDS: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'changed',
  patch: 'changed',
  delete: 'deleted',
  deletecollection: 'deleted',
};

function deedOf({ verb, subresource }: Deed['fields']): string | null {
  if (ENTER.has(subresource ?? '') || subresource === 'portforward' || subresource === 'proxy') return 'entered';
  return DEEDS[verb ?? ''] ?? null;
}

function touchedOf(own: readonly Deed[]): TouchedObject[] {
  const seen = new Set<string>();
  return own.flatMap((deed): TouchedObject[] => {
    const { namespace, resource, name } = deed.fields;
    const did = deedOf(deed.fields);
    if (did === null || !deed.isDone) return [];
    const entry = { namespace, object: `${resource}/${name ?? '*'}`, user: deed.strand.user, deed: did };
    const key = JSON.stringify(entry);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...entry, time: formatTime(deed.time) }];
  });
}

/** What lets an intruder come back or keeps running for him, by resource. */
const KINDS: Readonly<Record<string, string>> = {
  clusterrolebindings: 'cluster role binding',
  rolebindings: 'role binding',
  clusterroles: 'cluster role',
  roles: 'role',
  serviceaccounts: 'service account',
  secrets: 'secret',
  certificatesigningrequests: 'certificate',
  mutatingwebhookconfigurations: 'admission webhook',
  validatingwebhookconfigurations: 'admission webhook',
  cronjobs: 'cron job',
  jobs: 'job',
  daemonsets: 'daemon set',
  deployments: 'deployment',
  statefulsets: 'stateful set',
  pods: 'pod',
  services: 'service',
  ingresses: 'ingress',
};

function persistenceOf(
  own: readonly Deed[],
  deeds: readonly Deed[],
  isController: (user: string) => boolean,
): Persistence[] {
  const removals = Map.groupBy(
    deeds.filter(({ fields, isDone }) => isDone && fields.verb === 'delete' && fields.subresource === null),
    ({ fields }) => objectKeyOf(fields) ?? '',
  );
  const seen = new Set<string>();
  return own.flatMap((deed): Persistence[] => {
    const { namespace, resource, name, subresource } = deed.fields;
    const entry = entryOf(deed);
    const key = objectKeyOf(deed.fields);
    if (entry === null || key === null || !deed.isDone || seen.has(`${entry.kind} ${key}`)) return [];
    seen.add(`${entry.kind} ${key}`);
    const end = (removals.get(key) ?? []).find(({ time, strand }) => time > deed.time && !isController(strand.user));
    const removed =
      end === undefined || subresource !== null ? null : { user: end.strand.user, time: formatTime(end.time) };
    const did = deedOf(deed.fields) ?? 'changed';
    return [
      {
        ...entry,
        namespace,
        object: `${resource}/${name}`,
        user: deed.strand.user,
        deed: did,
        time: formatTime(deed.time),
        removed,
      },
    ];
  });
}

function entryOf({ fields, facts }: Deed): Pick<Persistence, 'kind' | 'detail'> | null {
  const { verb, resource, subresource, name } = fields;
  const kind = KINDS[resource ?? ''];
  if (kind === undefined) return null;
  if (subresource === 'token' && verb === 'create')
    return { kind: 'token', detail: 'a token was issued; it is valid until it expires' };
  if (subresource === 'approval') return { kind, detail: 'a client certificate was approved; it cannot be revoked' };
  if (resource === 'certificatesigningrequests' || subresource !== null) return null;
  if (facts.subjects !== undefined) {
    return {
      kind,
      detail: `gives ${facts.role ?? 'rights'} to ${facts.subjects.slice(0, 3).join(', ')}${facts.subjects.length > 3 ? ' and others' : ''}`,
    };
  }
  if (verb === 'create') return { kind, detail: `${kind} ${name} was made` };
  const isChange = verb === 'update' || verb === 'patch';
  return isChange && (kind === 'admission webhook' || kind === 'service' || kind.endsWith('role'))
    ? { kind, detail: `${kind} ${name} was changed` }
    : null;
}

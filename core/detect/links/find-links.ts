import type { Certainty, IdentityLink, LinkKind, Strand } from '../../contract/rows.ts';
import { accountOf } from '../../event/identity.ts';
import { formatTime } from '../../event/time.ts';
import type { EventFields } from '../../store/event-reader.ts';
import { strandKey } from '../../store/strand-reader.ts';
import type { Facts } from './facts.ts';

/** A request of somebody, by its last stage, with what else its event says. */
export interface Deed {
  readonly fields: EventFields;
  readonly strand: Strand;
  readonly key: string;
  /** Microseconds. */
  readonly time: number;
  readonly isDone: boolean;
  readonly facts: Facts;
}

/** Somebody whose alerts are to be explained. */
export interface Suspect {
  readonly strand: Strand;
  readonly key: string;
  /** When it begins to act, in microseconds. */
  readonly first: number;
  readonly last: number;
  /** It acts from where it does not belong, or does hardly anything else than what alerts. */
  readonly isStranger: boolean;
  /** The same identity works elsewhere in this log, where it belongs. */
  readonly hasHome: boolean;
  /** Times of requests that were granted, of those that alert; ascending. */
  readonly successes: readonly number[];
  /** Some of its events, by time. */
  readonly samples: readonly Deed[];
}

/** Deeds by what they are done to, so that each suspect meets only those that can explain it. */
export class DeedIndex {
  readonly #byResource: ReadonlyMap<string, readonly Deed[]>;
  readonly #byPlace: ReadonlyMap<string, readonly Deed[]>;
  /** Those that ran a command. */
  readonly commands: readonly Deed[];

  /** `deeds` are by time. */
  constructor(deeds: readonly Deed[]) {
    this.#byResource = Map.groupBy(deeds, ({ fields }) => fields.resource ?? '');
    this.#byPlace = Map.groupBy(deeds, ({ fields }) => `${fields.resource} ${fields.namespace}`);
    this.commands = deeds.filter(({ facts, isDone }) => isDone && facts.command !== undefined);
  }

  of(resource: string): readonly Deed[] {
    return this.#byResource.get(resource) ?? [];
  }

  in(resource: string, namespace: string | null): readonly Deed[] {
    return this.#byPlace.get(`${resource} ${namespace}`) ?? [];
  }
}

/** Links between strands, with the times that order them. */
export interface FoundLink extends IdentityLink {
  readonly at: number;
  /** Keys of the threads that it ties, where it was found between threads. */
  readonly threads?: readonly [string, string];
}

const MOST_AUDIT_IDS = 10;
/** What was taken is used within this time, else the link is no more than a coincidence. */
const SOON_US = 7 * 86_400 * 1_000_000;

/** How people say who an identity is. */
export function shortName(user: string): string {
  if (user === '') return 'a caller without a name';
  if (user === 'system:anonymous') return 'an anonymous caller';
  const account = accountOf(user);
  return account.kind === 'service-account' ? `${account.namespace}:${account.name}` : user;
}

export const sayStrand = ({ user, address }: Strand): string =>
  address === null ? shortName(user) : `${shortName(user)} from ${address}`;

/** Everything that ties suspects to whoever made, took or allowed what they act with. */
export function findLinks(suspects: readonly Suspect[], deeds: DeedIndex): FoundLink[] {
  const strangers = new Set(suspects.filter(({ isStranger }) => isStranger).map(({ key }) => key));
  return distinct(suspects.flatMap((suspect) => linksTo(suspect, deeds, strangers)));
}

function linksTo(suspect: Suspect, deeds: DeedIndex, strangers: ReadonlySet<string>): FoundLink[] {
  const all = [
    ...issuedTokens(suspect, deeds),
    ...tokenSecrets(suspect, deeds, strangers),
    ...certificates(suspect, deeds),
    ...podTokens(suspect, deeds),
    ...grants(suspect, deeds),
    ...accounts(suspect, deeds),
    ...credentialFiles(suspect, deeds, strangers),
  ].filter((link) => strangers.has(strandKey(link.from)) || !isAdministration(link, suspect));
  const isKnown = all.some(({ certainty }) => certainty !== 'possible');
  return isKnown ? all.filter(({ certainty }) => certainty !== 'possible') : all;
}

/** Whoever belongs here sets up accounts that then work where they belong: that explains nothing about a stranger. */
const isAdministration = ({ kind, certainty }: FoundLink, { hasHome }: Suspect): boolean =>
  hasHome &&
  (['made-account', 'granted-rights', 'token-secret', 'started-pod'].includes(kind) ||
    (kind === 'issued-token' && certainty !== 'sure'));

/** One link of a kind between two strands: the surest, then the first. */
function distinct(links: readonly FoundLink[]): FoundLink[] {
  const order: readonly Certainty[] = ['sure', 'probable', 'possible'];
  const better = (a: FoundLink, b: FoundLink) =>
    order.indexOf(a.certainty) - order.indexOf(b.certainty) || a.at - b.at || (a.reason < b.reason ? -1 : 1);
  const groups = Map.groupBy(links, (link) => JSON.stringify([link.kind, strandKey(link.from), strandKey(link.to)]));
  return [...groups.values()].flatMap((same) => [...same].sort(better).slice(0, 1)).sort(byPlace);
}

export function byPlace(a: FoundLink, b: FoundLink): number {
  const key = (link: FoundLink) => JSON.stringify([link.kind, strandKey(link.from), strandKey(link.to)]);
  return a.at - b.at || (key(a) < key(b) ? -1 : 1);
}

function linkOf(kind: LinkKind, certainty: Certainty, deed: Deed, suspect: Suspect, reason: string): FoundLink {
  return makeLink(kind, certainty, deed.strand, suspect.strand, deed.time, reason, [
    deed.fields.auditID,
    ...suspect.samples.slice(0, 1).map(({ fields }) => fields.auditID),
  ]);
}

export function makeLink(
  kind: LinkKind,
  certainty: Certainty,
  from: Strand,
  to: Strand,
  at: number,
  reason: string,
  auditIDs: readonly string[],
): FoundLink {
  const ids = [...new Set(auditIDs)].slice(0, MOST_AUDIT_IDS);
  return { kind, certainty, from, to, time: formatTime(at), reason, auditIDs: ids, at };
}

const isOther = (deed: Deed, suspect: Suspect) => deed.key !== suspect.key;
const isFollowed = (deed: Deed, suspect: Suspect) =>
  suspect.last >= deed.time && suspect.first <= deed.time + SOON_US && suspect.first >= deed.time - SOON_US;

/** Issued here, used there: the log names the credential on both sides, from Kubernetes 1.32 on. */
function issuedTokens(suspect: Suspect, deeds: DeedIndex): FoundLink[] {
  const account = accountOf(suspect.strand.user);
  if (account.kind !== 'service-account') return [];
  const used = new Set(suspect.samples.flatMap(({ facts }) => facts.credential ?? []));
  return deeds.in('serviceaccounts', account.namespace).flatMap((deed) => {
    const { verb, resource, subresource, namespace, name } = deed.fields;
    if (verb !== 'create' || resource !== 'serviceaccounts' || subresource !== 'token' || !deed.isDone) return [];
    if (namespace !== account.namespace || name !== account.name || !isOther(deed, suspect)) return [];
    const said = `${sayStrand(deed.strand)} issued a token of ${shortName(suspect.strand.user)}`;
    if (deed.facts.issued !== undefined && used.has(deed.facts.issued)) {
      return [
        linkOf(
          'issued-token',
          'sure',
          deed,
          suspect,
          `${said}, and this very token is used from ${suspect.strand.address}`,
        ),
      ];
    }
    const isUnknown = deed.facts.issued === undefined || used.size === 0;
    if (!isUnknown || !suspect.isStranger || suspect.first < deed.time || !isFollowed(deed, suspect)) return [];
    return [
      linkOf('issued-token', 'probable', deed, suspect, `${said}, which then acts from ${suspect.strand.address}`),
    ];
  });
}

/** A long-lived token stands in a secret: whoever made or read that secret has the token. */
function tokenSecrets(suspect: Suspect, deeds: DeedIndex, strangers: ReadonlySet<string>): FoundLink[] {
  const account = accountOf(suspect.strand.user);
  if (account.kind !== 'service-account' || !suspect.isStranger) return [];
  const secret = suspect.samples.find(({ facts }) => facts.tokenSecret !== undefined)?.facts.tokenSecret;
  if (secret === undefined) return [];
  const all = [...deeds.in('secrets', account.namespace), ...deeds.in('secrets', null)];
  const made = all.find(({ fields, isDone }) => isDone && fields.verb === 'create' && fields.name === secret);
  return all.flatMap((deed) => {
    const { resource, verb, namespace, name } = deed.fields;
    if (resource !== 'secrets' || !deed.isDone || !isOther(deed, suspect) || !isFollowed(deed, suspect)) return [];
    if (namespace !== null && namespace !== account.namespace) return [];
    if (name !== null && name !== secret) return [];
    const place = `${account.namespace}/${secret}`;
    const use = `its token is used from ${suspect.strand.address}`;
    if (verb === 'create' && name === secret) {
      return [
        linkOf('token-secret', 'sure', deed, suspect, `${sayStrand(deed.strand)} made the secret ${place}, and ${use}`),
      ];
    }
    if (!['get', 'list', 'watch'].includes(verb ?? '') || deed.time > suspect.first) return [];
    if (made !== undefined && deed.time < made.time) return [];
    const what =
      name === null
        ? `listed the secrets of ${namespace ?? 'the whole cluster'}, ${place} among them`
        : `read the secret ${place}`;
    const certainty = strangers.has(deed.key) ? 'probable' : 'possible';
    return [linkOf('token-secret', certainty, deed, suspect, `${sayStrand(deed.strand)} ${what}, and ${use}`)];
  });
}

/** A signed certificate makes whoever holds its key the user that it names. */
function certificates(suspect: Suspect, deeds: DeedIndex): FoundLink[] {
  const { user } = suspect.strand;
  const used = new Set(suspect.samples.flatMap(({ facts }) => facts.credential ?? []));
  const requests = deeds.of('certificatesigningrequests').filter(({ fields }) => fields.name !== null);
  const made = requests.filter(
    (deed) =>
      deed.fields.verb === 'create' && deed.isDone && deed.facts.certificateUser === user && isOther(deed, suspect),
  );
  return made.flatMap((request) => {
    const same = requests.filter(({ fields, time }) => fields.name === request.fields.name && time >= request.time);
    const isUsed = same.some(({ facts }) => facts.certificateId !== undefined && used.has(facts.certificateId));
    const approval = same.find(({ fields, isDone }) => fields.subresource === 'approval' && isDone);
    if (!isUsed && (approval === undefined || suspect.last < approval.time)) return [];
    const said = `${sayStrand(request.strand)} requested a certificate for ${user} (${request.fields.name})`;
    const approved = approval === undefined ? '' : `, approved by ${shortName(approval.strand.user)}`;
    if (isUsed)
      return [
        linkOf(
          'certificate',
          'sure',
          request,
          suspect,
          `${said}${approved}, and acts with it from ${suspect.strand.address}`,
        ),
      ];
    if (used.size > 0 && same.some(({ facts }) => facts.certificateId !== undefined)) return [];
    return [
      linkOf(
        'certificate',
        'probable',
        request,
        suspect,
        `${said}${approved}, and ${user} then acts from ${suspect.strand.address}`,
      ),
    ];
  });
}

export const ENTER = new Set(['exec', 'attach', 'ephemeralcontainers']);
export const WORKLOADS = new Set([
  'pods',
  'deployments',
  'daemonsets',
  'statefulsets',
  'replicasets',
  'replicationcontrollers',
  'jobs',
  'cronjobs',
]);

/** A pod's token lies in the pod: whoever enters the pod, or starts it under that account, has it. */
function podTokens(suspect: Suspect, deeds: DeedIndex): FoundLink[] {
  const account = accountOf(suspect.strand.user);
  const bound = suspect.samples.find(({ facts }) => facts.pod !== undefined)?.facts;
  const pod = bound?.pod;
  if (account.kind !== 'service-account' || pod === undefined) return [];
  return [...WORKLOADS]
    .flatMap((resource) => deeds.in(resource, account.namespace))
    .flatMap((deed) => {
      const { fields, facts, time } = deed;
      if (!deed.isDone || fields.namespace !== account.namespace || fields.name === null || !isOther(deed, suspect))
        return [];
      if (suspect.last < time || suspect.first > time + SOON_US) return [];
      if (fields.resource === 'pods' && ENTER.has(fields.subresource ?? '') && fields.name === pod) {
        const said = `${sayStrand(deed.strand)} entered the pod ${account.namespace}/${pod}`;
        if (suspect.isStranger) {
          const certainty = suspect.strand.address === deed.strand.address ? 'sure' : 'probable';
          return [
            linkOf(
              'stolen-pod-token',
              certainty,
              deed,
              suspect,
              `${said}, and its token is used from ${suspect.strand.address}`,
            ),
          ];
        }
        return [
          linkOf(
            'stolen-pod-token',
            'probable',
            deed,
            suspect,
            `${said}, and the account of the pod then acts from inside it`,
          ),
        ];
      }
      if (fields.verb !== 'create' || fields.subresource !== null || !WORKLOADS.has(fields.resource ?? '')) return [];
      const isSure = facts.uid !== undefined && facts.uid === bound?.podUid;
      if (!isSure && pod !== fields.name && !pod.startsWith(`${fields.name}-`)) return [];
      const said = `${sayStrand(deed.strand)} started ${fields.resource}/${fields.name} in ${account.namespace}`;
      return [
        linkOf(
          'started-pod',
          isSure ? 'sure' : 'probable',
          deed,
          suspect,
          `${said}, and its pod ${pod} acts as ${shortName(suspect.strand.user)}`,
        ),
      ];
    });
}

const OPEN_TO_ALL = ['User/system:anonymous', 'Group/system:unauthenticated'];

/** Rights that were given, and then used by whom they were given to. */
function grants(suspect: Suspect, deeds: DeedIndex): FoundLink[] {
  if (!suspect.isStranger || suspect.strand.user === '') return [];
  const account = accountOf(suspect.strand.user);
  const names =
    account.kind === 'anonymous'
      ? OPEN_TO_ALL
      : account.kind === 'service-account'
        ? [`ServiceAccount/${account.namespace}/${account.name}`, `User/${suspect.strand.user}`]
        : [`User/${suspect.strand.user}`];
  return [...deeds.of('clusterrolebindings'), ...deeds.of('rolebindings')].flatMap((deed) => {
    const subject = deed.isDone ? deed.facts.subjects?.find((entry) => names.includes(entry)) : undefined;
    if (subject === undefined || !isOther(deed, suspect) || !isFollowed(deed, suspect)) return [];
    if (!suspect.successes.some((time) => time >= deed.time)) return [];
    const to = account.kind === 'anonymous' ? 'anonymous callers' : shortName(suspect.strand.user);
    const said = `${sayStrand(deed.strand)} gave ${deed.facts.role ?? 'rights'} to ${to}`;
    return [
      linkOf(
        'granted-rights',
        'probable',
        deed,
        suspect,
        `${said}, and ${to === 'anonymous callers' ? 'one' : 'it'} then acts from ${suspect.strand.address}`,
      ),
    ];
  });
}

/** An account that was made, and then used from where no pod of it runs. */
function accounts(suspect: Suspect, deeds: DeedIndex): FoundLink[] {
  const account = accountOf(suspect.strand.user);
  if (account.kind !== 'service-account' || !suspect.isStranger) return [];
  return deeds.in('serviceaccounts', account.namespace).flatMap((deed) => {
    const { verb, resource, subresource, namespace, name } = deed.fields;
    if (verb !== 'create' || resource !== 'serviceaccounts' || subresource !== null || !deed.isDone) return [];
    if (namespace !== account.namespace || name !== account.name) return [];
    if (!isOther(deed, suspect) || suspect.first < deed.time || !isFollowed(deed, suspect)) return [];
    const said = `${sayStrand(deed.strand)} made the account ${shortName(suspect.strand.user)}`;
    return [
      linkOf('made-account', 'probable', deed, suspect, `${said}, which then acts from ${suspect.strand.address}`),
    ];
  });
}

const KUBECONFIG = /\.kube\/config\b|\bkubeconfig\b/;
const ADMIN_FILE = /\/etc\/kubernetes\/(super-)?admin\.conf\b|\/k3s\.yaml\b|\/rke2\.yaml\b/;
const KUBELET_FILE = /\/var\/lib\/kubelet\/(pki|kubeconfig)|\/etc\/kubernetes\/kubelet\.conf|bootstrap-kubelet/;
const POD_TOKENS = /\/var\/lib\/kubelet\/pods\b|\/var\/run\/secrets\/kubernetes\.io\/serviceaccount/;

/** A command or a secret that shows a credential file, and then an identity whose credential such a file holds. */
function credentialFiles(suspect: Suspect, deeds: DeedIndex, strangers: ReadonlySet<string>): FoundLink[] {
  if (!suspect.isStranger || ['', 'system:anonymous'].includes(suspect.strand.user)) return [];
  const reads = deeds.of('secrets').filter((deed) => deed.fields.verb === 'get' && strangers.has(deed.key));
  return [...deeds.commands, ...reads].flatMap((deed) => {
    const shown = deed.facts.command ?? deed.fields.name;
    if (shown === null || !deed.isDone || !isOther(deed, suspect)) return [];
    if (suspect.first < deed.time || !isFollowed(deed, suspect)) return [];
    const certainty = heldIn(shown, suspect.strand.user);
    if (certainty === null) return [];
    const what =
      deed.facts.command === undefined
        ? `the secret ${deed.fields.namespace}/${shown}`
        : 'a credential file in a container';
    const then = `${shortName(suspect.strand.user)} then acts from ${suspect.strand.address}, where it does not belong`;
    return [linkOf('credential-file', certainty, deed, suspect, `${sayStrand(deed.strand)} read ${what}, and ${then}`)];
  });
}

/** Whether a file that a command names may hold the credential of a user. */
function heldIn(command: string, user: string): Certainty | null {
  const account = accountOf(user);
  switch (account.kind) {
    case 'node':
      return KUBELET_FILE.test(command) ? 'probable' : null;
    case 'service-account':
      return POD_TOKENS.test(command) ? 'possible' : null;
    default: {
      const isAdmin = /admin|masters/.test(user);
      if (isAdmin && ADMIN_FILE.test(command)) return 'probable';
      if (!KUBECONFIG.test(command)) return null;
      const home = user.split(/[@:]/)[0] ?? '';
      return home.length > 2 && command.split(/[\s/_-]/).includes(home) ? 'probable' : 'possible';
    }
  }
}

import { aggregatesTo, boundRole, boundSubjects, boundUsers, grantsOf, podSecurityLabels } from './access.ts';
import type { AuditEvent } from './audit-event.ts';
import {
  decisionsOf,
  requestedSubject,
  requestedUser,
  requesterOf,
  signerOf,
  usagesOf,
} from './certificate-request.ts';
import { clientOf } from './client.ts';
import { execCommand, proxyPath, queryValues, streamOf } from './connection.ts';
import {
  exposureOf,
  ingressBackends,
  ingressHasTls,
  serviceApplication,
  servicePorts,
  serviceType,
  sourceRanges,
} from './exposure.ts';
import { accountOf, claimedSourceIPs, effectiveName, loginName, trustedSourceIP } from './identity.ts';
import { networkOf, scopeOf } from './network-address.ts';
import {
  actorNamespace,
  configMapEntries,
  finalizers,
  isControlled,
  isForeign,
  isSelfDecided,
  objectName,
  ownerText,
  volumePath,
} from './object-facts.ts';
import { outcomeOf } from './outcome.ts';
import { POD_SPEC_RESOURCES, type PodView, podOf } from './pod-spec.ts';
import {
  addedCapabilities,
  commandTexts,
  containerTexts,
  environmentTexts,
  hostVolumes,
  imagesOf,
  labelTexts,
  mountTexts,
  registryOf,
  repositoryOf,
} from './pod-text.ts';
import { asText, own, textOf } from './value.ts';
import { patchedWebhookKeys, webhookTexts } from './webhook.ts';

/** What the log must hold for a field to have a value. */
export interface FieldNeeds {
  /** The lowest audit level that carries it. */
  readonly level: 'Metadata' | 'Request';
  /** Whether it is read from request or response bodies. */
  readonly bodies: boolean;
  /** The resources whose events have it; empty: any. */
  readonly resources: readonly string[];
}

/** One derived field: `read` gives a scalar, a list of scalars, or undefined where an event has no such thing. */
export interface DerivedField {
  readonly name: string;
  readonly description: string;
  readonly type: 'text' | 'flag' | 'list';
  readonly needs: FieldNeeds;
  readonly read: (event: AuditEvent) => unknown;
}

const METADATA: FieldNeeds = { level: 'Metadata', bodies: false, resources: [] };
const metadataOf = (...resources: string[]): FieldNeeds => ({ ...METADATA, resources });
const bodyOf = (...resources: string[]): FieldNeeds => ({ level: 'Request', bodies: true, resources });
const POD_BODY = bodyOf(...POD_SPEC_RESOURCES, 'pods/ephemeralcontainers');
const SERVICE_BODY = bodyOf('services');
const ROLE_BODY = bodyOf('roles', 'clusterroles');
const BINDING_BODY = bodyOf('rolebindings', 'clusterrolebindings');
const REQUEST_BODY = bodyOf('certificatesigningrequests');

const filled = (values: readonly unknown[]) => (values.length === 0 ? undefined : values);
const fromPod = (read: (pod: PodView) => unknown) => (event: AuditEvent) => {
  const pod = podOf(event);
  return pod === null ? undefined : read(pod);
};
const podTexts = (read: (pod: PodView) => readonly string[]) => fromPod((pod) => filled(read(pod)));
const podScalar = (key: string) => fromPod((pod) => asText(own(pod.spec, key)));
const texts = (read: (event: AuditEvent) => readonly string[]) => (event: AuditEvent) => filled(read(event));
const distinct = (values: readonly string[]) => [...new Set(values)];

type Row = readonly [DerivedField['name'], DerivedField['type'], FieldNeeds, DerivedField['read'], string];

const actorRows: readonly Row[] = [
  [
    'actor',
    'text',
    METADATA,
    (e) => effectiveName(e),
    'The effective user: the impersonated one if there is one, else the one that logged in; empty for a caller that could not be authenticated (401).',
  ],
  [
    'actor.kind',
    'text',
    METADATA,
    (e) => accountOf(effectiveName(e)).kind,
    '`service-account`, `node`, `anonymous`, `unauthenticated`, `system` or `user`, of the effective user.',
  ],
  ['actor.namespace', 'text', METADATA, actorNamespace, 'Namespace of the effective user, if it is a service account.'],
  [
    'actor.foreign',
    'flag',
    METADATA,
    isForeign,
    'Whether a service account acts in another namespace than its own, or on cluster-scoped objects.',
  ],
  ['user.kind', 'text', METADATA, (e) => accountOf(loginName(e)).kind, 'The same of the identity that logged in.'],
  [
    'sourceIP',
    'text',
    METADATA,
    (e) => trustedSourceIP(e) ?? undefined,
    'The address that the connection came from: the last of `sourceIPs`. All before it are claims of forwarding headers.',
  ],
  [
    'sourceIP.scope',
    'text',
    METADATA,
    (e) => scopeOf(trustedSourceIP(e) ?? ''),
    '`public`, `private` (RFC 1918, 100.64.0.0/10, link-local, unique local) or `loopback`, of that address.',
  ],
  [
    'sourceIP.network',
    'text',
    METADATA,
    (e) => networkOf(trustedSourceIP(e) ?? ''),
    'The network of that address, as wide as one place usually is: /24 of a public IPv4 address, /16 of a private one, /48 of IPv6; `loopback`.',
  ],
  [
    'sourceIP.claimed',
    'list',
    METADATA,
    texts(claimedSourceIPs),
    'Addresses that forwarding headers claim; untrusted.',
  ],
  [
    'sourceIP.claimedScope',
    'list',
    METADATA,
    (e) => filled(claimedSourceIPs(e).flatMap((ip) => scopeOf(ip) ?? [])),
    'The same scopes of the claimed addresses.',
  ],
  [
    'client',
    'text',
    METADATA,
    (e) => clientOf(asText(e.userAgent)),
    'The program that the user agent names, without version and platform: `kubectl`, `curl`, `Mozilla`.',
  ],
  [
    'outcome',
    'text',
    METADATA,
    outcomeOf,
    '`succeeded`, `attempted` (401, 403, no answer seen) or `failed` (any other answer).',
  ],
  [
    'dryRun',
    'flag',
    METADATA,
    (e) => queryValues(e, 'dryRun').includes('All'),
    'Whether the request asked for a dry run, which changes nothing.',
  ],
];

const connectionRows: readonly Row[] = [
  [
    'exec.command',
    'text',
    metadataOf('pods/exec', 'nodes/proxy'),
    execCommand,
    "The command of an exec, or of a kubelet's `/run` and `/exec` behind the node proxy, its words joined by single spaces. It stands in the request URI, so every audit level has it.",
  ],
  [
    'exec.container',
    'text',
    metadataOf('pods/exec', 'pods/attach'),
    (e) => (streamOf(e) ? queryValues(e, 'container')[0] : undefined),
    'The container of an exec or attach.',
  ],
  [
    'exec.tty',
    'flag',
    metadataOf('pods/exec', 'pods/attach'),
    (e) => (streamOf(e) ? queryValues(e, 'tty')[0] === 'true' : undefined),
    'Whether it is interactive.',
  ],
  [
    'proxy.path',
    'text',
    metadataOf('nodes/proxy', 'pods/proxy', 'services/proxy'),
    proxyPath,
    'The path behind `/proxy`, without query.',
  ],
];

const podRows: readonly Row[] = [
  [
    'container',
    'list',
    POD_BODY,
    podTexts(containerTexts),
    'One text for each container (init and ephemeral ones too): `kind=container name=x image=y privileged=true runAsUser=0 caps=SYS_ADMIN,NET_ADMIN allowPrivilegeEscalation=true procMount=Unmasked seccomp=Unconfined hostPorts=80 command=sh -c id args=... hooks=...`. Facts that are not stated are left out.',
  ],
  [
    'mount',
    'list',
    POD_BODY,
    podTexts(mountTexts),
    'One text for each mount of a hostPath volume: `path=/etc readOnly=false container=x kind=container mountPath=/host/etc volume=etc`. The path is normalised and includes a `subPath`. A hostPath that no container mounts has only `path` and `volume`.',
  ],
  ['pod.hostPID', 'flag', POD_BODY, podScalar('hostPID'), 'Whether the pod shares the process ids of the node.'],
  ['pod.hostNetwork', 'flag', POD_BODY, podScalar('hostNetwork'), 'Whether the pod uses the network of the node.'],
  [
    'pod.hostIPC',
    'flag',
    POD_BODY,
    podScalar('hostIPC'),
    'Whether the pod shares inter-process communication with the node.',
  ],
  [
    'pod.shareProcessNamespace',
    'flag',
    POD_BODY,
    podScalar('shareProcessNamespace'),
    "Whether the containers see one another's processes.",
  ],
  [
    'pod.serviceAccountName',
    'text',
    POD_BODY,
    fromPod((pod) => textOf(pod.spec, 'serviceAccountName') ?? textOf(pod.spec, 'serviceAccount')),
    'The account that the pod runs as.',
  ],
  [
    'pod.automountServiceAccountToken',
    'flag',
    POD_BODY,
    podScalar('automountServiceAccountToken'),
    "Whether the pod asks for its account's token.",
  ],
  ['pod.nodeName', 'text', POD_BODY, podScalar('nodeName'), 'The node that the pod is put on past the scheduler.'],
  [
    'pod.hostPaths',
    'list',
    POD_BODY,
    podTexts((pod) => [...hostVolumes(pod).values()]),
    'Directories of the node that volumes name, normalised.',
  ],
  ['pod.images', 'list', POD_BODY, podTexts(imagesOf), 'Images as written.'],
  [
    'pod.repositories',
    'list',
    POD_BODY,
    podTexts((pod) => distinct(imagesOf(pod).map(repositoryOf))),
    'Images without tag and digest.',
  ],
  [
    'pod.registries',
    'list',
    POD_BODY,
    podTexts((pod) => distinct(imagesOf(pod).map(registryOf))),
    'Hosts that the images come from; `docker.io` where an image names none.',
  ],
  [
    'pod.commands',
    'list',
    POD_BODY,
    podTexts(commandTexts),
    'For each container its command, arguments, hooks and probe commands, joined by single spaces.',
  ],
  [
    'pod.env',
    'list',
    POD_BODY,
    podTexts(environmentTexts),
    '`NAME=value` of each environment variable that states a value.',
  ],
  [
    'pod.capabilities',
    'list',
    POD_BODY,
    podTexts((pod) => distinct(pod.containers.flatMap(({ container }) => addedCapabilities(container)))),
    'Linux capabilities that containers add, in capitals and without `CAP_`.',
  ],
  [
    'pod.labels',
    'list',
    POD_BODY,
    podTexts((pod) => labelTexts(pod.metadata)),
    '`key=value` of each label that the pods get.',
  ],
  [
    'pod.controlled',
    'flag',
    bodyOf('pods'),
    isControlled,
    'Of a written Pod: whether it names a controlling owner. A pod without one was made by hand.',
  ],
  [
    'persistentVolume.hostPath',
    'text',
    bodyOf('persistentvolumes'),
    volumePath,
    'Directory of the node that a persistent volume gives (`hostPath` or `local`).',
  ],
];

const accessRows: readonly Row[] = [
  [
    'rbac.grant',
    'list',
    ROLE_BODY,
    texts(grantsOf),
    '`verb group/resource` for each grant of a written role, wildcards kept: `get core/secrets`, `* */*`, `get core/configmaps names=a,b`, `get url:/metrics`. A role with more than 5,000 ends with `too-many`.',
  ],
  [
    'rbac.aggregatesTo',
    'list',
    ROLE_BODY,
    texts(aggregatesTo),
    'Built-in roles that the written cluster role is added to by label.',
  ],
  [
    'binding.role',
    'text',
    BINDING_BODY,
    boundRole,
    '`ClusterRole/cluster-admin`: the role that a written binding gives.',
  ],
  [
    'binding.subjects',
    'list',
    BINDING_BODY,
    texts(boundSubjects),
    '`User/x`, `Group/x` or `ServiceAccount/namespace/x` for each subject of a written binding.',
  ],
  [
    'binding.users',
    'list',
    BINDING_BODY,
    texts(boundUsers),
    'The same without groups, as they stand in `user.username`: `x`, `system:serviceaccount:namespace:x`.',
  ],
  [
    'namespace.podSecurity',
    'list',
    bodyOf('namespaces'),
    texts(podSecurityLabels),
    '`enforce=privileged` for each Pod Security label that the write states; `enforce=removed` where a patch removes it.',
  ],
  ['csr.signer', 'text', REQUEST_BODY, signerOf, 'Signer of a certificate signing request.'],
  ['csr.usages', 'list', REQUEST_BODY, texts(usagesOf), 'Usages that it asks for.'],
  [
    'csr.subject',
    'list',
    REQUEST_BODY,
    texts(requestedSubject),
    '`CN=user` and `O=group` that the encoded request asks for.',
  ],
  ['csr.user', 'list', REQUEST_BODY, texts(requestedUser), 'The user that it would make: its `CN`.'],
  ['csr.requester', 'text', REQUEST_BODY, requesterOf, 'User that made it.'],
  [
    'csr.selfDecided',
    'flag',
    REQUEST_BODY,
    isSelfDecided,
    'Of a decision (`approval`): whether the one who decides is the one who asked.',
  ],
  [
    'csr.decisions',
    'list',
    REQUEST_BODY,
    texts(decisionsOf),
    '`Approved`, `Denied` or `Failed`, as the written object says.',
  ],
];

const networkRows: readonly Row[] = [
  [
    'service.exposure',
    'text',
    SERVICE_BODY,
    exposureOf,
    '`public` (a load balancer without an internal annotation that takes ranges wider than /16, or external addresses), `limited` (a load balancer with narrow source ranges), `internal`, `node-port` or `cluster`.',
  ],
  ['service.type', 'text', SERVICE_BODY, serviceType, 'Type of a written service.'],
  ['service.ports', 'list', SERVICE_BODY, texts(servicePorts), 'Its ports and target ports.'],
  ['service.sourceRanges', 'list', SERVICE_BODY, texts(sourceRanges), 'Its source ranges.'],
  [
    'service.application',
    'text',
    SERVICE_BODY,
    serviceApplication,
    'One text of what tells the application behind it: `name=x selector=app=y label=app=y port=http`.',
  ],
  [
    'ingress.backends',
    'list',
    bodyOf('ingresses'),
    texts(ingressBackends),
    'Services that a written ingress leads to.',
  ],
  ['ingress.tls', 'flag', bodyOf('ingresses'), ingressHasTls, 'Whether it has a section on TLS.'],
  [
    'webhook',
    'list',
    bodyOf('mutatingwebhookconfigurations', 'validatingwebhookconfigurations'),
    texts(webhookTexts),
    'One text for each admission webhook of a written configuration: `name=x target=url:https://h/p external=true failurePolicy=Ignore operations=CREATE,UPDATE resources=core/pods selectors=namespace:team=a`. `target=service:namespace/name` for one inside the cluster.',
  ],
  [
    'webhook.patched',
    'list',
    bodyOf('mutatingwebhookconfigurations', 'validatingwebhookconfigurations'),
    texts(patchedWebhookKeys),
    'Keys that a patch sets inside webhooks, such as `rules`, `namespaceSelector`, `failurePolicy`; `all` where it empties the list.',
  ],
  [
    'configMap.entries',
    'list',
    bodyOf('configmaps'),
    texts(configMapEntries),
    '`key=value` of each entry that a written config map states, values cut at 4,096 characters.',
  ],
  [
    'object.name',
    'text',
    METADATA,
    objectName,
    'Name of the object, also where the server chose it and only a body tells it.',
  ],
  [
    'object.finalizers',
    'text',
    bodyOf(),
    finalizers,
    '`removed` when a write empties or removes the finalizers of an object, else the names that it states.',
  ],
  [
    'owner',
    'text',
    METADATA,
    ownerText,
    '`namespace/resource/name` of the object that alerts roll up to: the Deployment of a pod, the CronJob of a job.',
  ],
];

/** Every derived field, by subject; docs/fields.md is made from it. */
export const DERIVED_FIELDS: readonly DerivedField[] = [
  ...actorRows,
  ...connectionRows,
  ...podRows,
  ...accessRows,
  ...networkRows,
].map(([name, type, needs, read, description]) => ({ name: `decklog.${name}`, type, needs, read, description }));

const byName: ReadonlyMap<string, DerivedField> = new Map(DERIVED_FIELDS.map((field) => [field.name, field]));

/** The reader of a derived field, or undefined for any other name. Readers never throw, whatever an event holds. */
export function derivedField(name: string): ((event: AuditEvent) => unknown) | undefined {
  return byName.get(name)?.read;
}

/** What a derived field needs from the log, or undefined for any other name. */
export function derivedFieldNeeds(name: string): FieldNeeds | undefined {
  return byName.get(name)?.needs;
}

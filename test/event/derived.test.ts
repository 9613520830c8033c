import { describe, expect, test } from 'vitest';
import { DERIVED_FIELDS, derivedField } from '../../core/event/derived.ts';
import { eventOf, writeOfObject } from './sample.ts';

const read = (name: string, event: Parameters<typeof writeOfObject> | ReturnType<typeof eventOf>) =>
  derivedField(`decklog.${name}`)?.(
    Array.isArray(event) ? writeOfObject(...event) : (event as ReturnType<typeof eventOf>),
  );

const spec = {
  hostPID: true,
  containers: [
    { name: 'app', image: 'registry.example:5000/team/app:1@sha256:ab', securityContext: { privileged: true } },
  ],
};
const template = { template: { spec } };

describe('the pod spec is found wherever it lies', () => {
  test.each([
    ['pods', { spec }],
    ['deployments', { spec: template }],
    ['daemonsets', { spec: template }],
    ['statefulsets', { spec: template }],
    ['replicasets', { spec: template }],
    ['jobs', { spec: template }],
    ['replicationcontrollers', { spec: template }],
    ['cronjobs', { spec: { jobTemplate: { spec: template } } }],
    ['podtemplates', { template: { spec } }],
  ])('%s', (resource, body) => {
    expect(read('pod.hostPID', ['create', resource, body])).toBe('true');
    expect(read('pod.repositories', ['update', resource, body])).toEqual(['registry.example:5000/team/app']);
  });

  test('a custom workload of the usual layout', () => {
    const event = writeOfObject(
      'create',
      'x',
      { spec: template },
      { objectRef: { resource: 'rollouts', apiGroup: 'argoproj.io', name: 'w' } },
    );

    expect(read('pod.hostPID', event)).toBe('true');
  });

  test('only the response has the body', () => {
    expect(read('pod.hostPID', ['create', 'pods', undefined, { responseObject: { kind: 'Pod', spec } }])).toBe('true');
  });

  test('a status, a scale and a read write no pod spec', () => {
    const status = { objectRef: { resource: 'deployments', apiGroup: 'apps', subresource: 'status', name: 'w' } };

    expect(read('pod.hostPID', ['update', 'deployments', { spec: template }, status])).toBeUndefined();
    expect(read('pod.hostPID', eventOf({ responseObject: { spec } }))).toBeUndefined();
  });
});

describe('patches', () => {
  const effect = { kind: 'Deployment', spec: template };

  test('a label patch on a privileged workload is no new privileged container', () => {
    const event = writeOfObject(
      'patch',
      'deployments',
      { metadata: { labels: { a: 'b' } } },
      { responseObject: effect },
    );

    expect(read('container', event)).toBeUndefined();
  });

  test('a patch of the image shows the whole container as it then stood', () => {
    const body = { spec: { template: { spec: { containers: [{ name: 'app', image: 'b:2' }] } } } };

    expect(read('container', ['patch', 'deployments', body, { responseObject: effect }])).toEqual([
      'kind=container name=app image=registry.example:5000/team/app:1@sha256:ab privileged=true',
    ]);
  });

  test('a refused patch is read by what was asked for', () => {
    const body = { spec: { template: { spec } } };
    const refused = { responseObject: { kind: 'Status', code: 403 }, responseStatus: { code: 403 } };

    expect(read('pod.hostPID', ['patch', 'deployments', body, refused])).toBe('true');
  });

  test.each([
    ['a value deep inside', [{ op: 'add', path: '/spec/template/spec/hostPID', value: true }]],
    ['the whole spec', [{ op: 'replace', path: '/spec', value: template }]],
    ['the whole object', [{ op: 'replace', path: '', value: { spec: template } }]],
    [
      'a spec and then a value in it',
      [
        { op: 'add', path: '/spec', value: { template: { spec: { containers: [] } } } },
        { op: 'add', path: '/spec/template/spec/hostPID', value: true },
      ],
    ],
  ])('JSON Patch: %s', (_, body) => {
    expect(read('pod.hostPID', ['patch', 'deployments', body])).toBe('true');
  });

  test('JSON Patch: containers by position and at the end', () => {
    const body = [
      { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'a', image: 'a:1' } },
      { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'b', image: 'b:1' } },
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'c:1' },
    ];

    expect(read('pod.images', ['patch', 'deployments', body])).toEqual(['a:1', 'b:1', 'c:1']);
  });

  test('an added debug container stands alone: the pod around it is not its author’s doing', () => {
    const body = { spec: { ephemeralContainers: [{ name: 'd', image: 'busybox', targetContainerName: 'app' }] } };
    const objectRef = { resource: 'pods', namespace: 'shop', name: 'web-0', subresource: 'ephemeralcontainers' };

    expect(read('container', ['patch', 'pods', body, { objectRef, responseObject: { kind: 'Pod', spec } }])).toEqual([
      'kind=ephemeral name=d image=busybox target=app',
    ]);
  });
});

test('facts about one container stay together and cannot be forged by names', () => {
  const containers = [
    {
      name: 'a privileged=true',
      image: 'x',
      securityContext: { runAsUser: 0, capabilities: { add: ['CAP_SYS_ADMIN', 'net_admin'] } },
      command: ['sh', '-c', 'a\nb'],
      args: ['--x'],
      lifecycle: { postStart: { exec: { command: ['hook'] } } },
    },
  ];

  expect(
    read('container', ['create', 'pods', { spec: { securityContext: { runAsNonRoot: false }, containers } }]),
  ).toEqual([
    'kind=container name=a%20privileged=true image=x runAsUser=0 runAsNonRoot=false caps=SYS_ADMIN,NET_ADMIN command=sh -c a b args=--x hooks=hook',
  ]);
});

test('mounts of the node are normalised and say whether they may be written', () => {
  const body = {
    spec: {
      volumes: [
        { name: 'r', hostPath: { path: '//etc/./kubernetes/' } },
        { name: 'i', hostPath: { path: '/srv' } },
        { name: 'e', emptyDir: {} },
      ],
      containers: [
        {
          name: 'a',
          volumeMounts: [
            { name: 'r', mountPath: '/h', readOnly: true },
            { name: 'r', mountPath: '/p', subPath: 'pki' },
            { name: 'e', mountPath: '/e' },
          ],
        },
      ],
    },
  };

  expect(read('mount', ['create', 'pods', body])).toEqual([
    'path=/etc/kubernetes readOnly=true container=a kind=container mountPath=/h volume=r',
    'path=/etc/kubernetes/pki readOnly=false container=a kind=container mountPath=/p volume=r',
    'path=/srv volume=i',
  ]);
});

test('a role is told grant by grant', () => {
  const rules = [
    { verbs: ['get', '*'], apiGroups: ['', 'apps'], resources: ['secrets'], resourceNames: ['a', 'b'] },
    { verbs: ['get'], nonResourceURLs: ['/metrics'] },
  ];

  expect(read('rbac.grant', ['create', 'clusterroles', { rules }])).toEqual([
    'get core/secrets names=a,b',
    'get apps/secrets names=a,b',
    '* core/secrets names=a,b',
    '* apps/secrets names=a,b',
    'get url:/metrics',
  ]);
});

test('a role with more grants than anyone reads ends with a mark instead', () => {
  const many = Array.from({ length: 300 }, (_, index) => `r${index}`);
  const grants = read('rbac.grant', [
    'create',
    'clusterroles',
    { rules: [{ verbs: many, apiGroups: many, resources: many }] },
  ]) as string[];

  expect([grants.length, grants.at(-1)]).toEqual([5001, 'too-many']);
});

test('a binding counts when its subjects are written, not when it gets a label', () => {
  const binding = {
    kind: 'ClusterRoleBinding',
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'a', name: 'b' }],
  };
  const labelled = writeOfObject(
    'patch',
    'clusterrolebindings',
    { metadata: { labels: {} } },
    { responseObject: binding },
  );
  const joined = writeOfObject('patch', 'clusterrolebindings', [{ op: 'add', path: '/subjects/-', value: {} }], {
    responseObject: binding,
  });

  expect([read('binding.role', labelled), read('binding.role', joined), read('binding.subjects', joined)]).toEqual([
    undefined,
    'ClusterRole/cluster-admin',
    ['ServiceAccount/a/b'],
  ]);
});

test.each([
  [{ type: 'LoadBalancer' }, {}, 'public'],
  [{ type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24', '10.0.0.0/8'] }, {}, 'limited'],
  [{ type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24', '0.0.0.0/0'] }, {}, 'public'],
  [{ type: 'LoadBalancer', loadBalancerSourceRanges: ['::/0'] }, {}, 'public'],
  [{ type: 'LoadBalancer' }, { 'networking.gke.io/load-balancer-type': 'Internal' }, 'internal'],
  [{ type: 'LoadBalancer' }, { 'service.beta.kubernetes.io/aws-load-balancer-internal': 'false' }, 'public'],
  [{ type: 'ClusterIP', externalIPs: ['192.0.2.1'] }, {}, 'public'],
  [{ type: 'NodePort' }, {}, 'node-port'],
  [{ ports: [] }, {}, 'cluster'],
])('exposure of a service %j %j is %s', (serviceSpec, annotations, expected) => {
  expect(read('service.exposure', ['create', 'services', { metadata: { annotations }, spec: serviceSpec }])).toBe(
    expected,
  );
});

test('a command is read from the address of the request, encoded or not', () => {
  const exec = eventOf({
    objectRef: { resource: 'pods', subresource: 'exec', name: 'a' },
    requestURI: '/api/v1/namespaces/a/pods/a/exec?command=cat&command=%2Fetc%2Fpasswd',
  });
  const kubelet = eventOf({
    objectRef: { resource: 'nodes', subresource: 'proxy', name: 'n' },
    requestURI: '/api/v1/nodes/n/proxy/%72un/a/b/c?cmd=id',
  });

  expect([read('exec.command', exec), read('exec.command', kubelet), read('proxy.path', kubelet)]).toEqual([
    'cat /etc/passwd',
    'id',
    '/run/a/b/c',
  ]);
});

test('who acts: the effective identity, and the address that nobody can forge', () => {
  const event = eventOf({
    user: { username: 'mia' },
    impersonatedUser: { username: 'system:serviceaccount:a:b' },
    sourceIPs: ['10.0.0.1', '198.51.100.9'],
  });
  const fields = [
    'actor',
    'actor.kind',
    'actor.namespace',
    'actor.foreign',
    'user.kind',
    'sourceIP',
    'sourceIP.scope',
    'sourceIP.claimedScope',
  ];

  expect(fields.map((name) => read(name, event))).toEqual([
    'system:serviceaccount:a:b',
    'service-account',
    'a',
    true,
    'user',
    '198.51.100.9',
    'public',
    ['private'],
  ]);
});

test('a weakened webhook tells which keys the patch sets', () => {
  const body = [{ op: 'replace', path: '/webhooks/0/rules/0/operations', value: ['DELETE'] }];

  expect(read('webhook.patched', ['patch', 'validatingwebhookconfigurations', body])).toEqual(['rules']);
});

test('pod security labels are read from patches of both kinds', () => {
  const label = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } };
  const removal = [{ op: 'remove', path: '/metadata/labels/pod-security.kubernetes.io~1enforce' }];

  expect([
    read('namespace.podSecurity', ['patch', 'namespaces', label]),
    read('namespace.podSecurity', ['patch', 'namespaces', removal]),
  ]).toEqual([['enforce=privileged'], ['enforce=removed']]);
});

describe('hostile shapes', () => {
  let deep: unknown = true;
  for (let level = 0; level < 5000; level += 1) deep = level % 2 ? [deep] : { spec: deep, template: deep };
  const odd = [
    null,
    0,
    '',
    'x',
    [],
    {},
    [[]],
    { length: 9 },
    [null, 1, 'x', []],
    deep,
    JSON.parse('{"__proto__":{"spec":{}},"constructor":1}'),
  ];
  const resources = [
    'pods',
    'cronjobs',
    'clusterroles',
    'clusterrolebindings',
    'services',
    'ingresses',
    'namespaces',
    'validatingwebhookconfigurations',
    'certificatesigningrequests',
    'persistentvolumes',
    'constructor',
    '__proto__',
  ];

  test('no field throws, and each gives scalars or a list of scalars', () => {
    const scalar = (value: unknown) => value === undefined || ['string', 'number', 'boolean'].includes(typeof value);
    const wrong: string[] = [];
    for (const value of odd)
      for (const resource of resources)
        for (const wrap of [
          (x: unknown) => x,
          (x: unknown) => ({ spec: x, rules: x, subjects: x, roleRef: x, metadata: x, webhooks: x }),
          (x: unknown) => ({
            spec: { containers: x, volumes: x, ports: x, template: { spec: x } },
            webhooks: [{ rules: x }],
            metadata: { labels: x },
          }),
          (x: unknown) => [{ op: 'add', path: '/spec', value: x }, x],
        ]) {
          const event = writeOfObject('patch', resource, wrap(value), {
            responseObject: wrap(value),
            user: value,
            sourceIPs: value,
            impersonatedUser: value,
          });
          for (const field of DERIVED_FIELDS) {
            const got = field.read(event);
            if (!(Array.isArray(got) ? got.every(scalar) : scalar(got))) wrong.push(`${field.name}: ${typeof got}`);
          }
        }

    expect(wrong).toEqual([]);
  });
});

test('unknown names and names of Object.prototype are no fields', () => {
  expect(['decklog.nothing', 'constructor', '__proto__', 'decklog.'].map(derivedField)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

import { describe, expect, test } from 'vitest';
import type { FieldStyle } from '../../core/contract/rows.ts';
import { fieldProblems } from '../../core/detect/field-check.ts';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import { compilePack } from '../../core/detect/pack.ts';

const event = (own: object) => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'RequestResponse',
  auditID: '1f0e5d0e-7a3b-4c42-9a83-1c6a0c1f9b11',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods',
  verb: 'create',
  user: { username: 'ines@corp.example', groups: ['dev', 'system:authenticated'] },
  sourceIPs: ['203.0.113.9', '10.0.0.4'],
  userAgent: 'kubectl/v1.31.2 (linux/amd64) kubernetes/5864a46',
  objectRef: { resource: 'pods', namespace: 'shop', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 201 },
  requestReceivedTimestamp: '2026-03-04T10:15:01.120431Z',
  stageTimestamp: '2026-03-04T10:15:01.131877Z',
  annotations: {
    'authorization.k8s.io/decision': 'allow',
    'authorization.k8s.io/reason': 'RBAC: allowed by RoleBinding "dev/shop"',
  },
  ...own,
});

const container = (own: object) => ({ name: 'app', image: 'registry.corp.example/app:1.2', ...own });
const pod = (spec: object) =>
  event({ requestObject: { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'web' }, spec } });
const deployment = (spec: object) =>
  event({
    requestURI: '/apis/apps/v1/namespaces/shop/deployments',
    objectRef: { resource: 'deployments', namespace: 'shop', apiGroup: 'apps', apiVersion: 'v1' },
    requestObject: { kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { spec } } },
  });
const exec = event({
  verb: 'get',
  requestURI: '/api/v1/namespaces/shop/pods/web/exec?command=sh&command=-c&command=id&container=app',
  objectRef: { resource: 'pods', namespace: 'shop', name: 'web', subresource: 'exec', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 101 },
});
const binding = (subject: object, role: string) =>
  event({
    requestURI: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    objectRef: {
      resource: 'clusterrolebindings',
      name: 'ops',
      apiGroup: 'rbac.authorization.k8s.io',
      apiVersion: 'v1',
    },
    requestObject: { metadata: { name: 'ops' }, subjects: [subject], roleRef: { kind: 'ClusterRole', name: role } },
  });
const forbidden = event({
  verb: 'list',
  requestURI: '/api/v1/secrets?limit=500',
  objectRef: { resource: 'secrets', apiVersion: 'v1' },
  responseStatus: { metadata: {}, status: 'Failure', reason: 'Forbidden', code: 403 },
  annotations: { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': '' },
});
const privileged = { containers: [container({ securityContext: { privileged: true } })] };
const plain = { containers: [container({})], volumes: [{ name: 'tmp', emptyDir: {} }] };

const rule = (detection: string, service = 'audit', product = 'kubernetes') => `title: A rule from elsewhere
id: 7c2a4bc1-2f0d-4a52-bc17-3a9b4a1b7c55
status: test
logsource:
    product: ${product}
    service: ${service}
detection:
${detection.trim().replace(/^ {0,4}/gm, '    ')}
level: medium
`;

function compiled(text: string, mapping?: FieldStyle) {
  return compilePack({ sources: [{ path: 'rule.yml', text }], lists: {}, ...(mapping && { mapping }) });
}
const matching = (text: string, mapping: FieldStyle | undefined, events: readonly unknown[]) => {
  const pack = compiled(text, mapping);
  return events.map((one) => pack.rules.some((each) => each.matches(one)));
};

interface Example {
  readonly title: string;
  readonly style: FieldStyle;
  readonly text: string;
  readonly meets: unknown;
  readonly misses: unknown;
}

const EXAMPLES: readonly Example[] = [
  {
    title: 'ECS: a privileged pod that was allowed',
    style: 'ecs',
    text: rule(`selection:
        event.dataset: kubernetes.audit_logs
        kubernetes.audit.annotations.authorization_k8s_io/decision: allow
        kubernetes.audit.objectRef.resource: pods
        kubernetes.audit.verb: [create, update, patch]
        kubernetes.audit.requestObject.spec.containers.securityContext.privileged: true
    condition: selection`),
    meets: pod(privileged),
    misses: pod(plain),
  },
  {
    title: 'ECS: a refused request by common fields, in a log source of that style',
    style: 'ecs',
    text: rule(
      `selection:
        event.outcome: failure
        event.action: list
        user.name|endswith: '@corp.example'
        source.ip|cidr: 10.0.0.0/8
        url.path: /api/v1/secrets
        http.response.status_code: 403
    condition: selection`,
      'audit_logs',
    ),
    meets: forbidden,
    misses: exec,
  },
  {
    title: 'Falco: a sensitive mount',
    style: 'falco',
    text: rule(
      `selection:
        ka.verb: create
        ka.target.resource: [pods, deployments]
        ka.response.code|gte: 200
        ka.response.code|lt: 300
        ka.req.pod.volumes.hostpath|startswith: /var/lib/kubelet
    filter:
        ka.user.name|startswith: 'system:'
    condition: selection and not filter`,
      'k8s_audit',
    ),
    meets: deployment({ ...plain, volumes: [{ name: 'host', hostPath: { path: '/var/lib/kubelet/pods' } }] }),
    misses: pod(plain),
  },
  {
    title: 'Falco: what an exec runs, by the parameter of its URI',
    style: 'falco',
    text: rule(`selection:
        ka.target.subresource: exec
        ka.uri.param[command]: sh
        ka.auth.decision: allow
    condition: selection`),
    meets: exec,
    misses: pod(plain),
  },
  {
    title: 'Falco: cluster-admin for a service account, and a JSON pointer',
    style: 'falco',
    text: rule(`selection:
        ka.req.binding.role: cluster-admin
        ka.req.binding.subjects.serviceaccount_ns_names: shop:web
        jevt.value[/requestObject/metadata/name]: ops
        jevt.value[/annotations/authorization.k8s.io~1decision]: allow
    condition: selection`),
    meets: binding({ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }, 'cluster-admin'),
    misses: binding({ kind: 'Group', name: 'web' }, 'cluster-admin'),
  },
  {
    title: 'Falco: repositories and capabilities of init containers',
    style: 'falco',
    text: rule(`selection:
        ka.req.pod.containers.image.repository: registry.corp.example/app
        ka.req.pod.containers.add_capabilities: [SYS_ADMIN, NET_RAW]
    condition: selection`),
    meets: pod({
      ...plain,
      initContainers: [container({ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } })],
    }),
    misses: pod({ containers: [container({ securityContext: { capabilities: { drop: ['ALL'] } } })] }),
  },
  {
    title: 'Panther: host namespaces by the names of its data model',
    style: 'panther',
    text: rule(
      `selection:
        verb: [create, update, patch]
        resource: pods
        hostPID: true
        containers.image|contains: corp
        annotations.authorization.k8s.io/decision: allow
    filter:
        username|startswith: ['system:', 'eks:']
    condition: selection and not filter`,
      'eks',
      'aws',
    ),
    meets: pod({ ...plain, hostPID: true }),
    misses: pod(plain),
  },
  {
    title: 'Panther: indicator fields and roles of bindings',
    style: 'panther',
    text: rule(`selection:
        p_any_ip_addresses: 203.0.113.9
        roleRef.name: admin
        subjects.kind: User
    condition: selection`),
    meets: binding({ kind: 'User', name: 'eve' }, 'admin'),
    misses: binding({ kind: 'User', name: 'eve' }, 'view'),
  },
];

describe.each(EXAMPLES)('$title', ({ style, text, meets, misses }) => {
  test('matches with the mapping, and not without', () => {
    expect(matching(text, style, [meets, misses])).toEqual([true, false]);
    expect(matching(text, undefined, [meets])).toEqual([false]);
  });

  test('checks without a warning', () => {
    const pack = compiled(text, style);

    expect([...pack.problems, ...pack.documents.flatMap((document) => fieldProblems(document, style))]).toEqual([]);
  });
});

test('a name of another style is told with its place, and which mapping reads it', () => {
  const text = rule(`selection:
        ka.verb: create
        objectRef.resourse: pods
        '|contains': sh
        verb: create
    condition: selection`).replace("        '|contains': sh\n", '');
  const problems = compiled(text).documents.flatMap((document) => fieldProblems(document));

  expect(problems.map(({ line, column, code, suggestion }) => ({ line, column, code, suggestion }))).toEqual([
    { line: 9, column: 9, code: 'field/unknown', suggestion: '--mapping falco' },
    { line: 10, column: 9, code: 'field/unknown', suggestion: 'objectRef.resource' },
  ]);
});

test('no rule of the pack asks for a field that no event has', () => {
  const pack = compilePack(loadRuleFiles({ shipped: true, paths: [] }).set);

  expect(pack.documents.flatMap((document) => fieldProblems(document))).toEqual([]);
});

test('no mapping changes what the pack says of an event', () => {
  const { set } = loadRuleFiles({ shipped: true, paths: [] });
  const events = [
    pod(privileged),
    pod(plain),
    exec,
    forbidden,
    binding({ kind: 'User', name: 'eve' }, 'cluster-admin'),
  ];
  const found = (mapping?: FieldStyle) => {
    const { rules } = compilePack({ ...set, ...(mapping && { mapping }) });
    return events.map((one) => rules.filter((each) => each.matches(one)).map(({ title }) => title));
  };

  const plainly = found();

  expect([found('ecs'), found('falco'), found('panther')]).toEqual([plainly, plainly, plainly]);
});

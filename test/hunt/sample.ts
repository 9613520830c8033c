import type { ColumnValues } from '../../core/hunt/narrow.ts';

/** An exec into a pod by an impersonated service account, as the API server writes it. */
export const execEvent = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Request',
  auditID: '5f0c7e0a-93b1-4a7e-9d55-0c6f5b0a1e42',
  stage: 'ResponseStarted',
  requestURI: '/api/v1/namespaces/payments/pods/web-0/exec?command=sh&stdin=true',
  verb: 'create',
  user: { username: 'system:serviceaccount:ci:deployer', groups: ['system:serviceaccounts', 'system:authenticated'] },
  impersonatedUser: { username: 'admin' },
  sourceIPs: ['203.0.113.58', '10.42.7.19'],
  userAgent: 'kubectl/v1.30.1 (darwin/arm64) kubernetes/abc',
  objectRef: { resource: 'pods', subresource: 'exec', namespace: 'payments', name: 'web-0', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 101 },
  requestObject: {
    spec: {
      hostPID: true,
      replicas: 12,
      containers: [
        { name: 'app', image: 'nginx' },
        { name: 'shell', image: 'Busybox:1.36', securityContext: { privileged: true } },
      ],
    },
    metadata: { labels: { 'app.kubernetes.io/name': 'web' }, creationTimestamp: null, note: '' },
  },
  requestReceivedTimestamp: '2026-03-04T10:15:03.457140Z',
  stageTimestamp: '2026-03-04T10:15:03.490421Z',
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': 'RBAC: allowed' },
} as const;

export const execRow: ColumnValues = {
  id: 42,
  flags: ['truncatedBody'],
  verb: 'create',
  user: 'system:serviceaccount:ci:deployer',
  groups: '["system:serviceaccounts","system:authenticated"]',
  impersonatedUser: 'admin',
  sourceIPs: '["203.0.113.58","10.42.7.19"]',
  userAgent: 'kubectl/v1.30.1 (darwin/arm64) kubernetes/abc',
  apiGroup: null,
  resource: 'pods',
  subresource: 'exec',
  namespace: 'payments',
  name: 'web-0',
  stage: 'ResponseStarted',
  level: 'Request',
  decision: 'allow',
  cluster: 'prod',
  server: null,
  auditID: '5f0c7e0a-93b1-4a7e-9d55-0c6f5b0a1e42',
  code: 101,
  time: Date.UTC(2026, 2, 4, 10, 15, 3) * 1000 + 457_140,
  stageTime: Date.UTC(2026, 2, 4, 10, 15, 3) * 1000 + 490_421,
};

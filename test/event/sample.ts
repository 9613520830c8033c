import type { AuditEvent } from '../../core/event/audit-event.ts';

/** A small event as the API server writes it; each test states what matters to it. */
export function eventOf(parts: Record<string, unknown>): AuditEvent {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: '5f0c7e0a-93b1-4a7e-9d55-0c6f5b0a1e42',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/pods/web-0',
    verb: 'get',
    user: { username: 'mia@corp.example', groups: ['system:authenticated'] },
    sourceIPs: ['203.0.113.7'],
    userAgent: 'kubectl/v1.35.1',
    objectRef: { resource: 'pods', namespace: 'shop', name: 'web-0', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-03-04T10:15:01.120431Z',
    stageTimestamp: '2026-03-04T10:15:01.131877Z',
    ...parts,
  };
}

/** A write of an object of that resource. */
export function writeOfObject(
  verb: string,
  resource: string,
  requestObject: unknown,
  more: Record<string, unknown> = {},
): AuditEvent {
  const apiGroup = GROUPS[resource];
  return eventOf({
    verb,
    objectRef: { resource, namespace: 'shop', name: 'web', apiVersion: 'v1', ...(apiGroup ? { apiGroup } : {}) },
    requestObject,
    ...more,
  });
}

const GROUPS: Record<string, string> = {
  deployments: 'apps',
  daemonsets: 'apps',
  statefulsets: 'apps',
  replicasets: 'apps',
  jobs: 'batch',
  cronjobs: 'batch',
  clusterroles: 'rbac.authorization.k8s.io',
  clusterrolebindings: 'rbac.authorization.k8s.io',
  validatingwebhookconfigurations: 'admissionregistration.k8s.io',
  certificatesigningrequests: 'certificates.k8s.io',
};

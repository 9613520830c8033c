import type { AuditEvent } from '../audit-event.ts';
import { entriesOf, own, textOf } from '../value.ts';
import { begins, computed, type FieldMapping, same } from './field-mapping.ts';

const DECISION = 'authorization.k8s.io/decision';

/** What shippers to the Elastic stack make of an audit event: the event below `kubernetes.audit`, and common fields beside it. */
export const ecs: FieldMapping = {
  title: 'ECS',
  description:
    'Rules for events that a shipper put below `kubernetes.audit` (Elastic Common Schema and its Kubernetes integration).',
  marks: ['kubernetes.audit.', 'orchestrator.'],
  sources: [
    { product: 'kubernetes', service: 'audit_logs' },
    { product: 'kubernetes', service: 'kubernetes.audit_logs' },
  ],
  names: [
    begins(
      'kubernetes.audit.annotations.',
      'the annotation of that name, whose dots may be written as underscores: `authorization_k8s_io/decision`',
      (name) => ({ derive: (event) => annotation(event, name) }),
    ),
    begins(
      'kubernetes.audit.',
      'the path after it: `kubernetes.audit.objectRef.resource` is `objectRef.resource`',
      (path) => ({
        paths: [path],
      }),
    ),
    same('user.name', 'user.username'),
    same('user.id', 'user.uid'),
    same('user.roles', 'user.groups'),
    same('user.group.name', 'user.groups'),
    same('user.effective.name', 'impersonatedUser.username'),
    same('source.ip', 'sourceIPs'),
    same('source.address', 'sourceIPs'),
    same('client.ip', 'sourceIPs'),
    same('client.address', 'sourceIPs'),
    same('related.ip', 'sourceIPs'),
    same('related.user', 'user.username', 'impersonatedUser.username'),
    same('user_agent.original', 'userAgent'),
    same('url.original', 'requestURI'),
    same('event.action', 'verb'),
    same('event.id', 'auditID'),
    same('http.response.status_code', 'responseStatus.code'),
    same('orchestrator.resource.type', 'objectRef.resource'),
    same('orchestrator.resource.name', 'objectRef.name'),
    same('orchestrator.namespace', 'objectRef.namespace'),
    same('kubernetes.namespace', 'objectRef.namespace'),
    same('kubernetes.annotations', 'annotations'),
    computed(
      'url.path',
      '`requestURI` before the question mark',
      (event) => textOf(event, 'requestURI')?.split('?', 1)[0],
    ),
    computed('url.query', '`requestURI` after the question mark', (event) =>
      textOf(event, 'requestURI')?.split('?').slice(1).join('?'),
    ),
    computed('event.outcome', "`success` or `failure`: the authorizer's decision", outcome),
    computed('event.dataset', '`kubernetes.audit_logs`', () => 'kubernetes.audit_logs'),
    computed('data_stream.dataset', '`kubernetes.audit_logs`', () => 'kubernetes.audit_logs'),
    computed('event.module', '`kubernetes`', () => 'kubernetes'),
    computed('event.kind', '`event`', () => 'event'),
    computed('orchestrator.type', '`kubernetes`', () => 'kubernetes'),
  ],
};

/** Shippers write the dots of an annotation's name as underscores, since a dot would begin an object. */
function annotation(event: AuditEvent, name: string): unknown[] | undefined {
  const found = entriesOf(event.annotations).flatMap(([key, value]) =>
    key === name || key.replaceAll('.', '_') === name ? [value] : [],
  );
  return found.length > 0 ? found : undefined;
}

function outcome(event: AuditEvent): string | undefined {
  const decision = own(event.annotations, DECISION);
  if (decision === 'allow') return 'success';
  return decision === 'forbid' ? 'failure' : undefined;
}

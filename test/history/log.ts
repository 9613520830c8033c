import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../core/host/api.ts';
import { caseOf, temporaryFolder } from '../host/case.ts';

/** An audit event in a few words; what is not said is as in a plain allowed request. */
export interface Draft {
  readonly verb: string;
  /** `payments/pods/web-0`, `clusterroles/ops`; the last part may be empty. */
  readonly object: string;
  readonly group?: string;
  readonly sub?: string;
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly code?: number;
  readonly query?: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly reason?: string;
}

/** A case with these requests in it, one a minute from 2026-03-04T10:00Z on. */
export async function caseWith(drafts: readonly Draft[]): Promise<Session> {
  const path = join(temporaryFolder(), 'audit.log');
  writeFileSync(path, `${drafts.map((draft, at) => JSON.stringify(eventOf(draft, at))).join('\n')}\n`);
  return caseOf([path]);
}

function eventOf(draft: Draft, at: number): object {
  const {
    verb,
    object,
    group = '',
    sub,
    user = 'alice',
    groups = ['system:authenticated'],
    code = 200,
    query = '',
  } = draft;
  const [name, resource, namespace] = object.split('/').toReversed();
  const time = new Date(Date.UTC(2026, 2, 4, 10, at)).toISOString().replace('Z', '000Z');
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: draft.request === undefined && draft.response === undefined ? 'Metadata' : 'RequestResponse',
    auditID: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    stage: 'ResponseComplete',
    requestURI: `/api/v1/${object}${query}`,
    verb,
    user: { username: user, groups },
    sourceIPs: ['10.0.0.9'],
    userAgent: 'kubectl/v1.30.1',
    objectRef: {
      resource,
      ...(namespace !== undefined && { namespace }),
      ...(name !== '' && { name }),
      ...(group !== '' && { apiGroup: group }),
      ...(sub !== undefined && { subresource: sub }),
      apiVersion: 'v1',
    },
    responseStatus: { metadata: {}, code },
    ...(draft.request !== undefined && { requestObject: draft.request }),
    ...(draft.response !== undefined && { responseObject: draft.response }),
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: {
      'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow',
      'authorization.k8s.io/reason': draft.reason ?? '',
    },
  };
}

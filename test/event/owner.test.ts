import { expect, test } from 'vitest';
import { isController, ownerOf } from '../../core/event/owner.ts';
import { eventOf } from './sample.ts';

const of = (resource: string, name: string | undefined, requestObject?: unknown, responseObject?: unknown) => {
  const owner = ownerOf(
    eventOf({ objectRef: { resource, namespace: 'shop', ...(name && { name }) }, requestObject, responseObject }),
  );
  return owner === null ? null : `${owner.resource}/${owner.name}`;
};
const owned = (kind: string, name: string) => ({
  kind: 'Pod',
  metadata: { ownerReferences: [{ kind, name, controller: true }] },
});

test.each([
  ['a deployment itself', of('deployments', 'web'), 'deployments/web'],
  ['its ReplicaSet by reference', of('replicasets', 'web-7d4b9c8f6d', owned('Deployment', 'web')), 'deployments/web'],
  ['its ReplicaSet by name', of('replicasets', 'web-7d4b9c8f6d'), 'deployments/web'],
  [
    'its pod by reference',
    of('pods', 'web-7d4b9c8f6d-x2bcd', owned('ReplicaSet', 'web-7d4b9c8f6d')),
    'deployments/web',
  ],
  ['its pod by name', of('pods', 'web-7d4b9c8f6d-x2bcd'), 'deployments/web'],
  [
    'its pod by generated name',
    of('pods', undefined, { metadata: { generateName: 'web-7d4b9c8f6d-' } }),
    'deployments/web',
  ],
  ['a pod of a DaemonSet', of('pods', 'agent-x2bcd', owned('DaemonSet', 'agent')), 'daemonsets/agent'],
  ['a pod of a StatefulSet', of('pods', 'pg-0', owned('StatefulSet', 'pg')), 'statefulsets/pg'],
  ['a run of a CronJob', of('jobs', 'etl-29923115'), 'cronjobs/etl'],
  ['a pod of a run', of('pods', 'etl-29923115-x2bcd', owned('Job', 'etl-29923115')), 'cronjobs/etl'],
  ['retries of a generated name', of('pods', 'probe-x2bcd'), 'pods/probe'],
  ['an ordinary pod', of('pods', 'toolbox'), 'pods/toolbox'],
  ['the response names it', of('jobs', undefined, {}, { kind: 'Job', metadata: { name: 'a' } }), 'jobs/a'],
  ['a Status names nothing', of('jobs', undefined, {}, { kind: 'Status', metadata: { name: 'a' } }), null],
  ['a list', of('pods', undefined), null],
  [
    'odd references',
    of('pods', 'a', { metadata: { ownerReferences: [{ kind: 'constructor', name: 'x', controller: true }] } }),
    'pods/a',
  ],
])('%s', (_, got, expected) => {
  expect(got).toBe(expected);
});

test('a controller is one of the list, by name or by the beginning that it states', () => {
  const event = eventOf({ user: { username: 'system:serviceaccount:kube-system:job-controller' } });

  expect([
    isController(event, ['system:serviceaccount:kube-system:job-controller']),
    isController(event, ['system:serviceaccount:kube-system:*']),
    isController(event, ['system:serviceaccount:kube-system:job']),
  ]).toEqual([true, true, false]);
});

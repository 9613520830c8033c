import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Access } from '../../core/contract/rows.ts';
import { CONTEXT, caseOf } from '../host/case.ts';
import { caseWith, type Draft } from './log.ts';

const RBAC = 'rbac.authorization.k8s.io';
const DEPLOYER = 'system:serviceaccount:ci:deployer';

async function told(subject: string, drafts: readonly Draft[], at?: string): Promise<Access> {
  const session = await caseWith(drafts);
  const access = await session.access(subject, { ...(at !== undefined && { at }) }, CONTEXT);
  session.close();
  return access;
}

const role = (object: string, rules: object[]): Draft => ({
  ...{ verb: 'create', object, group: RBAC, user: 'admin', code: 201 },
  request: { metadata: { name: object.split('/').at(-1) }, rules },
});
const binding = (object: string, kind: string, name: string, subjects: object[]): Draft => ({
  ...{ verb: 'create', object, group: RBAC, user: 'admin', code: 201 },
  request: { metadata: { name: object.split('/').at(-1) }, roleRef: { kind, name }, subjects },
});
const account = { kind: 'ServiceAccount', name: 'deployer', namespace: 'ci' };
const asDeployer = { user: DEPLOYER, groups: ['system:serviceaccounts', 'system:authenticated'] };

const LOG: readonly Draft[] = [
  role('clusterroles/ops', [
    { apiGroups: ['apps'], resources: ['deployments', 'deployments/scale'], verbs: ['get', 'patch'] },
    { apiGroups: [''], resources: ['secrets'], verbs: ['*'], resourceNames: ['tls'] },
  ]),
  binding('shop/rolebindings/ops', 'ClusterRole', 'ops', [account]),
  { verb: 'patch', object: 'shop/deployments/web', group: 'apps', ...asDeployer, request: { spec: {} } },
  { verb: 'patch', object: 'shop/deployments/web', group: 'apps', ...asDeployer, request: { spec: {} } },
  { verb: 'patch', object: 'payments/deployments/web', group: 'apps', code: 403, ...asDeployer },
  {
    verb: 'get',
    object: 'shop/configmaps/c',
    ...asDeployer,
    reason: `RBAC: allowed by RoleBinding "read/shop" of Role "reader" to ServiceAccount "deployer/ci"`,
  },
  { verb: 'delete', object: 'shop/rolebindings/ops', group: RBAC, user: 'admin' },
];

test('what was done stands against what was granted', async () => {
  const access = await told(DEPLOYER, LOG, '2026-03-04T10:05:30Z');

  expect(access.subject).toMatchObject({
    kind: 'serviceaccount',
    groups: expect.arrayContaining(['system:serviceaccounts:ci']),
  });
  expect(access.bindings).toEqual([
    expect.objectContaining({
      binding: 'RoleBinding/shop/ops',
      role: 'ClusterRole/ops',
      known: 'recorded',
      hasRules: true,
    }),
    expect.objectContaining({
      binding: 'RoleBinding/shop/read',
      role: 'Role/shop/reader',
      known: 'by use',
      hasRules: false,
    }),
  ]);
  expect(
    access.used.map(({ verb, resource, namespace, allowed, denied, granted }) => [
      verb,
      resource,
      namespace,
      allowed,
      denied,
      granted,
    ]),
  ).toEqual([
    ['patch', 'deployments', 'payments', 0, 1, 'no'],
    ['get', 'configmaps', 'shop', 1, 0, 'unknown'],
    ['patch', 'deployments', 'shop', 2, 0, 'yes'],
  ]);
  expect(access.grants.map(({ resources, used }) => [resources, used])).toEqual([
    [['deployments', 'deployments/scale'], 2],
    [['secrets'], 0],
  ]);
  expect(access.notes.join('\n')).toContain('Not recorded: the rules of Role/shop/reader');
});

test('a binding that was taken away grants nothing afterwards', async () => {
  const before = await told('ci:deployer', LOG, '2026-03-04T10:05:30Z');
  const after = await told('ci:deployer', LOG);

  expect(before.bindings.map(({ binding: key }) => key)).toContain('RoleBinding/shop/ops');
  expect(after.bindings.map(({ binding: key }) => key)).not.toContain('RoleBinding/shop/ops');
});

test('a binding that is only known by its use is gone once it was deleted', async () => {
  const reason = 'RBAC: allowed by RoleBinding "read/shop" of Role "reader" to ServiceAccount "deployer/ci"';
  const use: Draft = { verb: 'get', object: 'shop/configmaps/c', ...asDeployer, reason };
  const deletion: Draft = {
    verb: 'deletecollection',
    object: 'shop/rolebindings/',
    group: RBAC,
    user: 'admin',
    request: {},
    response: { items: [{ metadata: { name: 'read' } }] },
  };

  expect((await told(DEPLOYER, [use, deletion])).bindings).toEqual([]);
  expect((await told(DEPLOYER, [deletion, use])).bindings).toHaveLength(1);
});

test('the least role allows what was allowed, and nothing that was refused', async () => {
  const { leastRole } = await told(DEPLOYER, LOG);

  expect(parseAllDocuments(leastRole).map((document) => document.toJS())).toEqual([
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'system-serviceaccount-ci-deployer-least', namespace: 'shop' },
      rules: [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] },
      ],
    },
  ]);
});

describe('identities are bound by', () => {
  const read = role('clusterroles/read', [{ apiGroups: ['*'], resources: ['pods', '*/log'], verbs: ['get', 'list'] }]);
  const get = (user: string, groups: string[], sub?: string): Draft => ({
    ...{ verb: 'get', object: 'shop/pods/web', user, groups },
    ...(sub !== undefined && { sub }),
  });

  test('a group that they are in, everywhere', async () => {
    const access = await told('bob', [
      read,
      binding('clusterrolebindings/read', 'ClusterRole', 'read', [{ kind: 'Group', name: 'dev' }]),
      get('bob', ['dev']),
      get('bob', ['dev'], 'log'),
      get('bob', ['dev'], 'exec'),
    ]);

    expect(access.used.map(({ resource, granted }) => [resource, granted])).toEqual([
      ['pods', 'yes'],
      ['pods/exec', 'unknown'],
      ['pods/log', 'yes'],
    ]);
    expect(access.bindings[0]?.via).toBe('Group dev');
  });

  test('cluster-admin and system:masters, whose making no log holds', async () => {
    const access = await told('eve', [
      binding('clusterrolebindings/all', 'ClusterRole', 'cluster-admin', [{ kind: 'User', name: 'eve' }]),
      get('eve', ['system:masters']),
    ]);

    expect(access.used[0]).toMatchObject({ granted: 'yes', by: ['Group system:masters', 'ClusterRoleBinding/all'] });
    expect(access.notes[0]).toContain('system:masters');
  });

  test('a subject that a patch adds', async () => {
    const access = await told('carol', [
      read,
      binding('clusterrolebindings/read', 'ClusterRole', 'read', [{ kind: 'User', name: 'dave' }]),
      {
        verb: 'patch',
        object: 'clusterrolebindings/read',
        group: RBAC,
        request: [{ op: 'add', path: '/subjects/-', value: { kind: 'User', name: 'carol' } }],
      },
    ]);

    expect(access.bindings).toEqual([
      expect.objectContaining({ binding: 'ClusterRoleBinding/read', via: 'User carol' }),
    ]);
  });
});

test('a log without bodies is said to hold none', async () => {
  const access = await told(DEPLOYER, [{ verb: 'get', object: 'shop/pods/web', ...asDeployer }]);

  expect(access.used).toEqual([expect.objectContaining({ granted: 'unknown', allowed: 1 })]);
  expect(access.notes.join()).toContain('Not recorded: no binding');
});

test('who neither acted nor is named anywhere is refused', async () => {
  await expect(told('nobody', LOG)).rejects.toThrow(expect.objectContaining({ code: 'entity/unknown' }));
});

test('everyone in a real log has an account of his rights', async () => {
  const session = await caseOf([join(import.meta.dirname, '../../sample/northwind')]);
  const users = await session.entities(['user', 'serviceaccount'], CONTEXT);

  for (const { name, events } of users.slice(0, 25)) {
    const { used, leastRole } = await session.access(name, {}, CONTEXT);
    const requests = used.reduce((sum, { allowed, denied }) => sum + allowed + denied, 0);
    expect(requests).toBeGreaterThan(0);
    expect(requests).toBeLessThanOrEqual(events);
    for (const document of parseAllDocuments(leastRole)) expect(document.errors).toEqual([]);
  }
  session.close();
});

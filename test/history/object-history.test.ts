import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ObjectHistory } from '../../core/contract/rows.ts';
import { CONTEXT, caseOf } from '../host/case.ts';
import { caseWith, type Draft } from './log.ts';

async function told(object: string, drafts: readonly Draft[]): Promise<ObjectHistory> {
  const session = await caseWith(drafts);
  const history = await session.history(object, CONTEXT);
  session.close();
  return history;
}

const WEB = 'payments/deployments/web';
const deployment = (spec: object) => ({ kind: 'Deployment', metadata: { name: 'web', namespace: 'payments' }, spec });
const containers = (...images: string[]) =>
  images.map((image, at) => ({ name: `c${at}`, image, env: [{ name: 'A', value: '1' }] }));
const pods = (...images: string[]) => ({ template: { spec: { containers: containers(...images) } } });
const write = (verb: string, rest: Partial<Draft>): Draft => ({ verb, object: WEB, group: 'apps', ...rest });

const created = write('create', { request: deployment({ replicas: 2, ...pods('nginx:1', 'sidecar:1') }), code: 201 });

const PATCHES: Readonly<
  Record<string, readonly [patch: Partial<Draft>, changes: ObjectHistory['states'][number]['changes']]>
> = {
  'a JSON patch': [
    {
      request: [
        { op: 'test', path: '/spec/replicas', value: 2 },
        { op: 'replace', path: '/spec/replicas', value: 5 },
        { op: 'remove', path: '/spec/template/spec/containers/1' },
      ],
    },
    [
      { path: 'spec.replicas', before: 2, after: 5 },
      { path: 'spec.template.spec.containers[c1].name', before: 'c1' },
      { path: 'spec.template.spec.containers[c1].image', before: 'sidecar:1' },
      { path: 'spec.template.spec.containers[c1].env[A].name', before: 'A' },
      { path: 'spec.template.spec.containers[c1].env[A].value', before: '1' },
    ],
  ],
  'a strategic merge patch': [
    {
      request: {
        spec: {
          template: {
            spec: {
              '$setElementOrder/containers': [{ name: 'c0' }, { name: 'c1' }],
              containers: [
                {
                  name: 'c0',
                  image: 'nginx:2',
                  env: [
                    { name: 'A', $patch: 'delete' },
                    { name: 'B', value: '2' },
                  ],
                },
              ],
            },
          },
        },
      },
    },
    [
      { path: 'spec.template.spec.containers[c0].image', before: 'nginx:1', after: 'nginx:2' },
      { path: 'spec.template.spec.containers[c0].env[A].name', before: 'A' },
      { path: 'spec.template.spec.containers[c0].env[A].value', before: '1' },
      { path: 'spec.template.spec.containers[c0].env[B].name', after: 'B' },
      { path: 'spec.template.spec.containers[c0].env[B].value', after: '2' },
    ],
  ],
  'a merge patch that removes a field': [
    { request: { spec: { replicas: null } } },
    [{ path: 'spec.replicas', before: 2 }],
  ],
  'a server-side apply': [
    {
      query: '?fieldManager=argocd&force=true',
      request: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: pods('nginx:3') },
    },
    [
      { path: 'spec.template.spec.containers[c0].image', before: 'nginx:1', after: 'nginx:3' },
      { path: 'apiVersion', after: 'apps/v1' },
    ],
  ],
  'a change of the scale': [
    { sub: 'scale', request: { kind: 'Scale', spec: { replicas: 9 } } },
    [{ path: 'spec.replicas', before: 2, after: 9 }],
  ],
};

test.each(Object.keys(PATCHES))('%s is applied to the state before', async (name) => {
  const [patch, changes] = PATCHES[name] as (typeof PATCHES)[string];
  const { states } = await told(WEB, [created, write('patch', patch)]);

  expect(states.map(({ step, sureness }) => [step, sureness])).toEqual([
    ['created', 'rebuilt'],
    ['patched', 'rebuilt'],
  ]);
  expect(states[1]?.changes).toEqual(changes);
});

test('what the server answered wins over what was sent', async () => {
  const answer = deployment({ replicas: 7 });
  const { states } = await told(WEB, [
    created,
    write('patch', { request: { spec: { replicas: 3 } }, response: answer }),
  ]);

  expect(states[1]).toMatchObject({ step: 'patched', sureness: 'recorded', object: answer });
});

test('lists of a custom resource are replaced, those of a built-in one merged by name', async () => {
  const gateway = {
    verb: 'create',
    object: 'shop/gateways/g',
    group: 'example.com',
    request: { metadata: { name: 'g' }, spec: { ports: [{ port: 1, name: 'a' }] } },
  };
  const { states } = await told('shop/gateways/g', [
    gateway,
    { ...gateway, verb: 'patch', request: { spec: { ports: [{ port: 2, name: 'b' }] } } },
  ]);

  expect(states[1]?.object).toMatchObject({ spec: { ports: [{ port: 2, name: 'b' }] } });
});

describe('what is not known is said', () => {
  test('a write without its body', async () => {
    const { states, notes } = await told(WEB, [
      created,
      write('update', {}),
      write('patch', { request: { spec: { replicas: 4 } } }),
    ]);

    expect(states.map(({ sureness }) => sureness)).toEqual(['rebuilt', 'unknown', 'partial']);
    expect(states[2]?.object).toEqual({ spec: { replicas: 4 } });
    expect(notes.join()).toContain('no body was recorded');
  });

  test('a patch of an object that was made before the log', async () => {
    const { states, notes } = await told(WEB, [
      write('patch', { request: [{ op: 'replace', path: '/spec/replicas', value: 1 }] }),
    ]);

    expect(states[0]).toMatchObject({
      sureness: 'unknown',
      object: null,
      note: expect.stringContaining('does not fit'),
    });
    expect(notes.join()).toContain('before this log begins');
  });

  test('a deletion of many that need not have met it', async () => {
    const { states, exists } = await told(WEB, [
      created,
      { verb: 'deletecollection', object: 'payments/deployments/', group: 'apps', query: '?labelSelector=app%3Dx' },
    ]);

    expect(states[1]).toMatchObject({ step: 'deleted', sureness: 'unknown', note: expect.stringContaining('app=x') });
    expect(exists).toBe('unknown');
  });
});

test('a refused write, a dry run and a failed one change nothing', async () => {
  const other = deployment({ replicas: 50 });
  const { states, exists } = await told(WEB, [
    created,
    write('update', { request: other, code: 403 }),
    write('update', { request: other, query: '?dryRun=All' }),
    write('delete', { code: 500 }),
  ]);

  expect(states.map(({ step }) => step)).toEqual(['created', 'attempt', 'attempt', 'attempt']);
  expect(exists).toBe('yes');
});

test('a deletion waits for finalizers, and an object of the same name begins anew', async () => {
  const waiting = { metadata: { name: 'web', deletionTimestamp: '2026-03-04T10:01:00Z', finalizers: ['x/y'] } };
  const { states, exists } = await told(WEB, [
    created,
    write('delete', { response: waiting }),
    write('delete', {}),
    created,
  ]);

  expect(states.map(({ step }) => step)).toEqual(['created', 'deleting', 'deleted', 'created']);
  expect(exists).toBe('yes');
});

test('a generated name is found in the answer; a read shows what writes do not', async () => {
  const pod = { kind: 'Pod', metadata: { name: 'web-x1' }, spec: { nodeName: 'n1' } };
  const { states } = await told('payments/pods/web-x1', [
    {
      verb: 'create',
      object: 'payments/pods/',
      request: { metadata: { generateName: 'web-' } },
      response: { ...pod, spec: {} },
      code: 201,
    },
    {
      verb: 'create',
      object: 'payments/pods/',
      request: { metadata: { generateName: 'web-' } },
      response: { metadata: { name: 'web-x2' } },
      code: 201,
    },
    { verb: 'get', object: 'payments/pods/web-x1', response: pod },
  ]);

  expect(states.map(({ step, changes }) => [step, changes.map(({ path }) => path)])).toEqual([
    ['created', ['kind', 'metadata.name', 'spec']],
    ['seen', ['spec.nodeName']],
  ]);
});

test('keys such as __proto__ are data', async () => {
  const { states } = await told('shop/configmaps/c', [
    {
      verb: 'create',
      object: 'shop/configmaps/c',
      request: JSON.parse('{"metadata":{"name":"c"},"data":{"__proto__":"a"}}'),
    },
    { verb: 'patch', object: 'shop/configmaps/c', request: JSON.parse('{"data":{"__proto__":"b"}}') },
  ]);

  expect(states[1]?.changes).toEqual([{ path: 'data.__proto__', before: 'a', after: 'b' }]);
});

test('an object that no request names is refused, and so is what is no object', async () => {
  const session = await caseWith([created]);

  await expect(session.history('payments/pods/none', CONTEXT)).rejects.toThrow(
    expect.objectContaining({ code: 'object/unknown' }),
  );
  await expect(async () => session.history('web', CONTEXT)).rejects.toThrow(expect.objectContaining({ code: 'usage' }));
  session.close();
});

test('every object that a real log writes has a history', async () => {
  const session = await caseOf([join(import.meta.dirname, '../../sample/northwind')]);
  const objects = (await session.entities(['object'], CONTEXT)).filter(({ writes }) => writes > 0).slice(0, 60);

  for (const { name } of objects) {
    const { states, notes } = await session.history(name, CONTEXT);
    expect(states.length + notes.length).toBeGreaterThan(0);
  }
  session.close();
});

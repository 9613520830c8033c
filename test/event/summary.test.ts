import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { summarise } from '../../core/event/summary.ts';
import { eventOf } from './sample.ts';

const user = (username: string) => ({ user: { username } });
const object = (resource: string, namespace?: string, name?: string, subresource?: string) => ({
  objectRef: { resource, ...(namespace && { namespace }), ...(name && { name }), ...(subresource && { subresource }) },
});
const code = (value: number, more = {}) => ({ responseStatus: { code: value, ...more } });
const uri = (requestURI: string) => ({ requestURI });
const EXEC =
  '/api/v1/namespaces/shop/pods/web-0/exec?command=sh&command=-c&command=id%3B+cat+%2Fetc%2Fshadow&container=app';

const cases: readonly (readonly [string, Record<string, unknown>])[] = [
  ['delete', { verb: 'delete', ...user('system:serviceaccount:ci:deployer'), ...object('secrets', 'payments', 'db') }],
  ['read', {}],
  ['list', { verb: 'list', ...object('pods', 'shop') }],
  ['list of the cluster', { verb: 'list', ...object('secrets') }],
  ['watch that runs', { verb: 'watch', stage: 'ResponseStarted', ...object('configmaps', 'shop') }],
  ['deletecollection', { verb: 'deletecollection', ...object('events', 'shop') }],
  ['create', { verb: 'create', ...object('deployments', 'shop', 'web'), ...code(201) }],
  [
    'create with a generated name',
    {
      verb: 'create',
      ...object('pods', 'shop'),
      ...code(201),
      responseObject: { kind: 'Pod', metadata: { name: 'web-x2bcd' } },
    },
  ],
  [
    'create received',
    { verb: 'create', stage: 'RequestReceived', responseStatus: undefined, ...object('jobs', 'shop') },
  ],
  ['create of the cluster', { verb: 'create', ...object('clusterroles', undefined, 'ops'), ...code(403) }],
  ['namespace', { verb: 'delete', ...object('namespaces', 'shop', 'shop') }],
  [
    'impersonation',
    {
      verb: 'list',
      ...object('secrets', 'shop'),
      impersonatedUser: { username: 'root', groups: ['system:masters', 'system:authenticated'] },
    },
  ],
  [
    'exec by WebSocket',
    { ...object('pods', 'shop', 'web-0', 'exec'), ...uri(EXEC), ...code(101), stage: 'ResponseStarted' },
  ],
  ['exec over SPDY, ended', { verb: 'create', ...object('pods', 'shop', 'web-0', 'exec'), ...uri(EXEC), ...code(101) }],
  ['exec refused', { verb: 'create', ...object('pods', 'shop', 'web-0', 'exec'), ...uri(EXEC), ...code(403) }],
  ['attach', { ...object('pods', 'shop', 'web-0', 'attach'), ...code(101) }],
  ['port-forward', { ...object('pods', 'shop', 'pg-0', 'portforward'), ...code(101) }],
  ['log', { ...object('pods', 'shop', 'web-0', 'log') }],
  [
    'node proxy',
    { ...object('nodes', undefined, 'n1', 'proxy'), ...uri('/api/v1/nodes/n1/proxy/run/shop/web-0/app?cmd=id') },
  ],
  ['token', { verb: 'create', ...object('serviceaccounts', 'shop', 'app', 'token'), ...code(201) }],
  ['debug container', { verb: 'patch', ...object('pods', 'shop', 'web-0', 'ephemeralcontainers') }],
  ['binding of a pod', { verb: 'create', ...object('pods', 'shop', 'web-0', 'binding'), ...code(201) }],
  ['approval', { verb: 'update', ...object('certificatesigningrequests', undefined, 'frank', 'approval') }],
  ['scale', { verb: 'patch', ...object('deployments', 'shop', 'web', 'scale') }],
  ['status', { verb: 'update', ...object('deployments', 'shop', 'web', 'status') }],
  ['rights asked', { verb: 'create', ...object('selfsubjectaccessreviews'), ...code(201) }],
  [
    'dry run',
    { verb: 'create', ...object('pods', 'shop', 'a'), ...uri('/api/v1/namespaces/shop/pods?dryRun=All'), ...code(201) },
  ],
  ['path', { ...user('system:anonymous'), objectRef: undefined, ...uri('/version?timeout=32s') }],
  ['post to a path', { verb: 'post', objectRef: undefined, ...uri('/x') }],
  ['401', { verb: 'list', user: {}, ...object('secrets'), ...code(401), stage: 'ResponseStarted' }],
  ['403', { verb: 'list', ...object('secrets', 'shop'), ...code(403) }],
  ['404', { ...object('pods', 'shop', 'gone'), ...code(404) }],
  ['409', { verb: 'update', ...object('configmaps', 'shop', 'c'), ...code(409) }],
  ['500', { verb: 'create', ...object('pods', 'shop', 'a'), ...code(500, { reason: 'InternalError' }) }],
  ['panic', { verb: 'create', ...object('pods', 'shop', 'a'), ...code(500), stage: 'Panic' }],
  ['closed early', { verb: 'list', ...object('pods', 'shop'), ...code(200, { message: 'Connection closed early' }) }],
  ['unknown verb', { verb: 'use', ...object('podsecuritypolicies', undefined, 'restricted') }],
  ['no address', { sourceIPs: undefined }],
  ['several addresses', { sourceIPs: ['10.0.0.1', '198.51.100.9'] }],
  ['line breaks in names', { ...user('a\nb\u2028c'), ...object('pods', 'sh\r\nop', 'w\teb') }],
  ['very long names', { ...user('x'.repeat(5000)), ...object('pods', 'y'.repeat(5000), '\u{1F600}'.repeat(3000)) }],
  [
    'a command of many words',
    {
      ...object('pods', 'shop', 'web-0', 'exec'),
      ...uri(`/api/v1/namespaces/shop/pods/web-0/exec?command=${'a+'.repeat(3000)}`),
      ...code(101),
    },
  ],
  [
    'nothing at all',
    {
      verb: undefined,
      user: undefined,
      objectRef: undefined,
      sourceIPs: undefined,
      responseStatus: undefined,
      requestURI: undefined,
    },
  ],
  [
    'every field of another type',
    { verb: 1, user: [], objectRef: 'pods', sourceIPs: {}, responseStatus: 5, requestURI: [], impersonatedUser: 'x' },
  ],
];

test('one sentence for any event reads like the golden file', () => {
  const text = cases.map(([name, parts]) => `${name}: ${summarise(eventOf(parts))}\n`).join('');
  const golden = new URL('../golden/event/summaries.txt', import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(new URL('.', golden), { recursive: true });
    writeFileSync(golden, text);
  }

  expect(text).toBe(readFileSync(golden, 'utf8'));
});

test('a sentence is one line of bounded length, whatever the event holds', () => {
  const sentences = cases.map(([, parts]) => summarise(eventOf(parts)));

  expect(sentences.filter((text) => text.length > 710 || /[\n\r\u2028\u2029\u0085]/.test(text))).toEqual([]);
});

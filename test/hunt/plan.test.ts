import { describe, expect, test } from 'vitest';
import { planQuery } from '../../core/hunt/plan.ts';
import { execEvent, execRow } from './sample.ts';

function matches(query: string): boolean {
  return planQuery(query).test(execEvent, execRow);
}

const TRUE = {
  'an empty query': ['', '  \n '],
  'a value, in any case': [
    'verb:create',
    'VERB:Create',
    'verb: create',
    'verb : "create"',
    'namespace:payments',
    'ns:Payments',
  ],
  'a value with colons': ['user:system:serviceaccount:ci:deployer', 'user:"system:serviceaccount:ci:deployer"'],
  wildcards: [
    'user:*:deployer',
    'name:web-?',
    'agent:kubectl*darwin*',
    'agent:"kubectl/v1.30.1 (darwin"*',
    'verb:c*t*',
    'user:*',
  ],
  lists: [
    'verb:(get, create)',
    'verb:(get or create)',
    'verb:(get create)',
    'verb:( get ,create )',
    'code:(403, <200)',
  ],
  'and, or, not': [
    'verb:create resource:pods',
    'verb:create and resource:pods',
    'verb:get or resource:pods',
    'not verb:get',
    'NOT verb:get AND (verb:create OR verb:x)',
    'not (verb:get or ns:shop)',
    'not not verb:create',
    'verb:get and ns:shop or resource:pods',
  ],
  'numbers as numbers': [
    'code:101',
    'code:0101',
    'code:>=101',
    'code:>100',
    'code:100..199',
    'code:..101',
    'code:101..',
    'code:<102',
  ],
  'patterns of numbers': ['code:1xx', 'code:1??', 'code:1*', 'code:*'],
  times: [
    'time:2026-03-04',
    'time:2026-03-04T10:15',
    'time:2026-03-04T10:15:03.457140Z',
    'time:2026-03-04T11:15+01:00',
    'time:"2026-03-04 10:15"',
    'time:2026-03-04T10:00Z..2026-03-04T11:00Z',
    'time:2026-03-01..2026-03-04',
    'time:<=2026-03-04T10:15',
    'time:>2026-03-03',
    'stageTime:>2026-03-04T10:15:03.457140Z',
    'requestReceivedTimestamp:2026-03-04',
  ],
  'any element of a list': [
    'group:system:authenticated',
    'ip:10.42.7.19',
    'ip:10.42.0.0/16',
    'sourceIPs:203.*',
    'group:*',
  ],
  'resources with a subresource': ['resource:pods/exec', 'resource:pods/*', 'sub:exec'],
  'paths into the event': [
    'requestObject.spec.hostPID:true',
    'requestObject.spec.containers.securityContext.privileged:TRUE',
    'requestObject.spec.containers.image:busybox*',
    'requestObject.metadata.labels.app.kubernetes.io/name:web',
    'annotations.authorization.k8s.io/decision:allow',
    'annotations.authorization.k8s.io/reason:RBAC*',
    'objectRef.apiVersion:v1',
    '.kind:event',
    'requestObject:*',
  ],
  'numbers and times on a path': [
    'requestObject.spec.replicas:>=10',
    'requestObject.spec.replicas:10..20',
    'requestObject.spec.replicas:12.0',
    'requestObject.spec.replicas:1?',
    '.stageTimestamp.x:1 or .requestReceivedTimestamp:>2026-03-04T10:00Z',
  ],
  'existence and absence': [
    'not apiGroup:*',
    'not server:*',
    'not requestObject.spec.hostNetwork:*',
    'not requestObject.metadata.creationTimestamp:*',
    'not requestObject.metadata.note:*',
    'requestObject.spec.containers:*',
  ],
  'free text': ['busybox', 'HOSTPID', 'kubernetes.io/name', '"RBAC: allowed"', 'command=sh&stdin', 'busy*1.36', '12'],
  'aliases of columns': [
    'user.username:*deployer',
    'responseStatus.code:101',
    'impersonated:admin',
    'cluster:PROD',
    'decision:allow',
  ],
  'fields that are computed from the event': [
    'decklog.actor:admin',
    'decklog.exec.command:sh',
    'not decklog.container:*',
  ],
  'row fields': ['id:42', 'id:40..', 'flag:truncatedBody', 'uri:*command=sh*', 'auditID:5f0c7e0a*', 'level:request'],
};

const FALSE = {
  'a part of a value': ['user:deployer', 'verb:creat', 'name:web'],
  'wildcards in quotes and after a backslash': ['user:"*:deployer"', 'user:\\*:deployer', 'verb:"c*"'],
  'other numbers': ['code:102', 'code:4xx', 'code:>101', 'code:102..', 'id:<42'],
  'other times': ['time:2026-03-05', 'time:>2026-03-04', 'time:2026-03-04T10:16', 'time:<2026-03-04T10:15:03'],
  'other networks': ['ip:10.43.0.0/16', 'ip:2001:db8::/32'],
  'objects compared as values': ['objectRef:pods', 'requestObject.spec.containers:app'],
  'one list element with two facts it has not': ['requestObject.spec.containers.0.name:app'],
  'inherited keys': [
    'requestObject.constructor:*',
    'requestObject.__proto__:*',
    'requestObject.spec.containers.length:2',
  ],
  'text found nowhere': ['nothing-of-that-kind', 'not busybox'],
};

describe.each(Object.entries(TRUE))('%s', (_, queries) => {
  test.each(queries)('%s matches', (query) => {
    expect(matches(query)).toBe(true);
  });
});

describe.each(Object.entries(FALSE))('%s', (_, queries) => {
  test.each(queries)('%s does not match', (query) => {
    expect(matches(query)).toBe(false);
  });
});

test('columns decide alone where all conditions are columns', () => {
  const plans = [
    'verb:get and not (ns:* or code:>=400)',
    'time:2026-03-04',
    'verb:get requestObject.x:1',
    'id:42',
    'text',
  ];

  expect(plans.map((query) => planQuery(query).exact)).toEqual([true, true, false, true, false]);
});

test('a failed login has an empty user, which is no user', () => {
  const row = { ...execRow, user: '', groups: '[]', code: null };

  expect(
    ['not user:*', 'not group:*', 'not code:*', 'not code:403'].map((query) => planQuery(query).test({}, row)),
  ).toEqual([true, true, true, true]);
});

import { expect, test } from 'vitest';
import {
  accountOf,
  claimedSourceIPs,
  effectiveIdentity,
  impersonatedIdentity,
  trustedSourceIP,
} from '../../core/event/identity.ts';
import { isWideRange, scopeOf } from '../../core/event/network-address.ts';
import { outcomeOf } from '../../core/event/outcome.ts';
import { eventOf } from './sample.ts';

test.each([
  ['', { kind: 'unauthenticated' }],
  ['system:anonymous', { kind: 'anonymous' }],
  ['system:serviceaccount:a:b', { kind: 'service-account', namespace: 'a', name: 'b' }],
  ['system:serviceaccount:a:b:c', { kind: 'user', name: 'system:serviceaccount:a:b:c' }],
  ['system:node:n1', { kind: 'node', name: 'n1' }],
  ['system:kube-scheduler', { kind: 'system', name: 'kube-scheduler' }],
  ['mia', { kind: 'user', name: 'mia' }],
])('%j is %j', (name, account) => {
  expect(accountOf(name)).toEqual(account);
});

test('the effective identity is the impersonated one', () => {
  const event = eventOf({ impersonatedUser: { username: 'root', groups: ['system:masters', 7] } });

  expect([
    effectiveIdentity(event).name,
    impersonatedIdentity(event)?.groups,
    impersonatedIdentity(eventOf({})),
  ]).toEqual(['root', ['system:masters', '7'], null]);
});

test('only the last address is trusted', () => {
  const event = eventOf({ sourceIPs: ['10.0.0.1', '10.0.0.2', '198.51.100.9'] });

  expect([trustedSourceIP(event), claimedSourceIPs(event), trustedSourceIP(eventOf({ sourceIPs: 'x' }))]).toEqual([
    '198.51.100.9',
    ['10.0.0.1', '10.0.0.2'],
    null,
  ]);
});

test.each([
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['100.64.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['fd00::1', 'private'],
  ['fe80::1%eth0', 'private'],
  ['2001:db8::1', 'public'],
  ['::ffff:10.0.0.1', 'private'],
  ['203.0.113.7', 'public'],
  ['10.0.0', undefined],
  ['999.1.1.1', undefined],
  ['', undefined],
])('%s is %s', (address, scope) => {
  expect(scopeOf(address)).toBe(scope);
});

test.each([
  ['0.0.0.0/0', true],
  ['203.0.0.0/8', true],
  ['203.0.113.0/24', false],
  ['10.0.0.0/8', false],
  ['::/0', true],
  ['2001:db8::/48', false],
  ['203.0.113.7', false],
  ['nonsense/x', true],
])('range %s is wide: %s', (range, expected) => {
  expect(isWideRange(range)).toBe(expected);
});

test.each([
  [{ responseStatus: { code: 200 } }, 'succeeded'],
  [{ responseStatus: { code: 304 } }, 'succeeded'],
  [{ responseStatus: { code: '201' } }, 'succeeded'],
  [{ responseStatus: { code: 101 }, stage: 'ResponseStarted' }, 'succeeded'],
  [{ responseStatus: { code: 401 } }, 'attempted'],
  [{ responseStatus: { code: 403 } }, 'attempted'],
  [{ responseStatus: { code: 409 } }, 'failed'],
  [{ responseStatus: { code: 503 } }, 'failed'],
  [{ responseStatus: { code: 200, message: 'Connection closed early' } }, 'attempted'],
  [{ responseStatus: undefined, stage: 'RequestReceived' }, 'attempted'],
  [{ responseStatus: { code: 200 }, stage: 'Panic' }, 'failed'],
  [{ responseStatus: { code: 'x' } }, 'attempted'],
])('%j %s', (parts, outcome) => {
  expect(outcomeOf(eventOf(parts))).toBe(outcome);
});

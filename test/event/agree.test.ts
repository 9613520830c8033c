import { expect, test } from 'vitest';
import { compareEvents } from '../../core/event/agree.ts';

const event = {
  auditID: 'a1',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods/web-0',
  verb: 'delete',
  user: { username: 'alice', groups: ['devs'] },
  responseStatus: { code: 200 },
  requestReceivedTimestamp: '2026-03-04T10:15:01.120431Z',
  stageTimestamp: '2026-03-04T10:15:01.131877Z',
  requestObject: { kind: 'DeleteOptions', gracePeriodSeconds: 0 },
};
const { requestObject: _, ...poorer } = event;

test('key order makes no difference', () => {
  expect(compareEvents(event, Object.fromEntries(Object.entries(event).reverse()))).toBe('same');
});

test('a copy that lost a field is the poorer one, on either side', () => {
  expect([compareEvents(event, poorer), compareEvents(poorer, event)]).toEqual(['left-fuller', 'right-fuller']);
});

test('an equal key with contradicting content is a conflict', () => {
  expect(compareEvents(event, { ...event, requestObject: { kind: 'DeleteOptions', gracePeriodSeconds: 30 } })).toBe(
    'conflict',
  );
});

test('a chosen audit id makes no duplicate of another request', () => {
  expect(compareEvents(event, { ...event, verb: 'get' })).toBe('other');
  expect(compareEvents(event, { ...event, stage: 'ResponseStarted' })).toBe('other');
});

test('keys of the prototype are no keys of an event', () => {
  expect(compareEvents({ ...event, extra: {} }, { ...event, extra: JSON.parse('{"constructor":1}') })).toBe(
    'right-fuller',
  );
});

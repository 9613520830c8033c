import { expect, test } from 'vitest';
import { normaliseEvent } from '../../core/event/normalise.ts';

test('an event of v1 stays as it is', () => {
  const event = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', metadata: { x: 1 } };

  expect(normaliseEvent(event)).toBe(event);
});

test('v1alpha1 gets its times under today’s names and its group split off', () => {
  const event = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1alpha1',
    metadata: { creationTimestamp: '2017-10-11T18:02:05Z' },
    timestamp: '2017-10-11T18:02:04Z',
    verb: 'create',
    objectRef: { resource: 'roles', apiVersion: 'rbac.authorization.k8s.io/v1' },
  };

  expect(normaliseEvent(event)).toEqual({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    verb: 'create',
    objectRef: { resource: 'roles', apiGroup: 'rbac.authorization.k8s.io', apiVersion: 'v1' },
    requestReceivedTimestamp: '2017-10-11T18:02:04Z',
    stageTimestamp: '2017-10-11T18:02:05Z',
    'decklog.originalVersion': 'audit.k8s.io/v1alpha1',
    'decklog.timePrecision': 's',
  });
});

test('v1beta1 keeps its microseconds where it has them', () => {
  const event = {
    apiVersion: 'audit.k8s.io/v1beta1',
    metadata: { creationTimestamp: '2018-01-01T00:00:01Z' },
    timestamp: '2018-01-01T00:00:00Z',
    requestReceivedTimestamp: '2018-01-01T00:00:00.123456Z',
    stageTimestamp: '2018-01-01T00:00:01.654321Z',
    objectRef: { resource: 'pods', apiVersion: 'v1' },
  };

  expect(normaliseEvent(event)).toEqual({
    apiVersion: 'audit.k8s.io/v1',
    requestReceivedTimestamp: '2018-01-01T00:00:00.123456Z',
    stageTimestamp: '2018-01-01T00:00:01.654321Z',
    objectRef: { resource: 'pods', apiVersion: 'v1' },
    'decklog.originalVersion': 'audit.k8s.io/v1beta1',
  });
});

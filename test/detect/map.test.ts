import { expect, test } from 'vitest';
import { EventMapper } from '../../core/detect/map.ts';
import { compilePack } from '../../core/detect/pack.ts';
import type { AuditEvent } from '../../core/event/audit-event.ts';

const RULES = `title: Secret read
name: secret_read
logsource: { product: kubernetes, category: application, service: audit }
detection: { a: { verb: get, resource: secrets }, condition: a }
---
title: Many secrets read
correlation: { type: event_count, rules: [secret_read], group-by: [username], timespan: 1h, condition: { gte: 3 } }
`;

const read = (name: string): AuditEvent => ({
  kind: 'Event',
  auditID: name,
  stage: 'ResponseComplete',
  verb: 'get',
  user: { username: 'eve' },
  objectRef: { resource: 'secrets', namespace: 'shop', name },
  requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
});

test('what alerts of a correlation are likely to show is told where its events are read', () => {
  const pack = compilePack({ sources: [{ path: 'rules.yml', text: RULES }], lists: {} });
  expect(pack.problems).toEqual([]);
  const mapper = new EventMapper(pack);
  const kept = Array.from({ length: 12 }, () => mapper.keptOf([0], read('password')));

  expect(kept.map((proof) => proof?.items?.length)).toEqual(Array(12).fill(1));
  expect(kept.map((proof) => proof?.telling !== undefined)).toEqual([...Array(10).fill(true), false, false]);
  expect(kept[0]?.telling?.matched[0]).toEqual([
    { field: 'verb', value: 'get' },
    { field: 'objectRef.resource', value: 'secrets' },
  ]);
});

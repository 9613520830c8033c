import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTITY_KINDS } from '../../core/contract/scope.ts';
import type { EventFields } from '../../core/store/event-reader.ts';
import { type Calls, callsOver, NORTHWIND } from './calls.ts';
import { caseOf, newCasePath, SHIPPED } from './case.ts';

let app: Calls;
let all: readonly EventFields[];

beforeAll(async () => {
  const path = newCasePath();
  (await caseOf([NORTHWIND], { rules: SHIPPED }, path)).close();
  app = callsOver(path);
  all = [...app.store.index().columns.id].map((id) => app.store.events.get(id) as EventFields);
});

afterAll(() => app.close());

const busiest = (kind: (typeof ENTITY_KINDS)[number], limit = 5) =>
  app.call('entities/page', { kind, order: 'events', limit });

describe.each(ENTITY_KINDS)('the kind %s', (kind) => {
  test('is listed in pages that follow each other, counted as the kinds say', async () => {
    const whole = await busiest(kind, 500);
    const first = await busiest(kind, 2);
    const second = await app.call('entities/page', { kind, order: 'events', limit: 2, after: first.next ?? '' });
    const kinds = await app.call('entities/kinds', {});

    expect(whole.rows.length).toBeGreaterThan(0);
    expect([...first.rows, ...(first.next === null ? [] : second.rows)]).toEqual(
      whole.rows.slice(0, first.next === null ? 2 : 4),
    );
    expect(kinds.find((entry) => entry.kind === kind)?.count).toBe(whole.total);
  });

  test('has pages of single entities with relations that stay readable', async () => {
    for (const { entity, events, alerts } of (await busiest(kind, 3)).rows) {
      const detail = await app.call('entities/detail', { entity });
      const relations = await app.call('entities/relations', { entity, limit: 40 });

      expect([detail.line.events, detail.line.alerts]).toEqual([events, alerts]);
      expect(detail.rhythm.cells.flat().reduce((sum, count) => sum + count, 0)).toBe(events);
      expect(detail.days.counts.reduce((sum, count) => sum + count, 0)).toBe(events);
      expect(relations.nodes.length).toBeLessThanOrEqual(40);
      expect(relations.nodes[0]?.entity).toEqual(entity);
      for (const { from, to } of relations.edges) expect(Math.max(from, to)).toBeLessThan(relations.nodes.length);
      expect(overlaps(relations.nodes)).toEqual([]);
    }
  });
});

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

function overlaps(boxes: readonly Box[]): Box[] {
  const isOver = (a: Box, b: Box) =>
    a !== b && Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
  return boxes.filter((box) => boxes.some((other) => isOver(box, other)));
}

test.each(['user', 'serviceaccount', 'address', 'agent', 'namespace', 'object'] as const)(
  'the condition of the kind %s selects the events that are counted',
  async (kind) => {
    for (const { entity, events } of (await busiest(kind, 10)).rows) {
      const { condition } = await app.call('entities/detail', { entity });

      expect(await app.call('events/count', { scope: { query: condition } })).toEqual({ count: events });
    }
  },
);

test('every actor is a user or a service account, with the times and counts of its events', async () => {
  const rows = [...(await busiest('user', 500)).rows, ...(await busiest('serviceaccount', 500)).rows];
  const actors = Map.groupBy(all, ({ user, impersonatedUser }) => impersonatedUser ?? user ?? '');
  actors.delete('');

  expect(rows.map(({ entity }) => entity.name).sort()).toEqual([...actors.keys()].sort());
  for (const { entity, firstSeen, lastSeen, events, denied } of rows) {
    const own = actors.get(entity.name) ?? [];
    expect([firstSeen, lastSeen, events]).toEqual([own[0]?.time, own.at(-1)?.time, own.length]);
    expect(denied).toBe(own.filter(({ code }) => (code ?? 0) >= 400).length);
  }
});

test('pods roll up to what made them', async () => {
  const { rows } = await busiest('workload', 500);
  const names = rows.map(({ entity }) => entity.name);

  expect(names.some((name) => /\/deployments\//.test(name))).toBe(true);
  expect(names.filter((name) => /-[bcdf-hj-np-tv-z2456789]{8,10}-[bcdf-hj-np-tv-z2456789]{5}$/.test(name))).toEqual([]);
});

test('sessions have their command, and say what followed', async () => {
  const { rows } = await app.call('sessions/page', { scope: { query: '' }, limit: 500 });
  const requests = new Set(
    all
      .filter(({ subresource }) => ['exec', 'attach', 'portforward'].includes(subresource ?? ''))
      .map(({ auditID }) => auditID),
  );
  const streams = rows.filter(({ kind }) => ['exec', 'attach', 'portforward'].includes(kind));

  expect(streams.length).toBe(requests.size);
  for (const { kind, command, user, followed, startedAt } of streams) {
    if (kind === 'exec') expect(command.length).toBeGreaterThan(0);
    for (const line of followed) {
      expect(line.impersonatedUser ?? line.user).toBe(user);
      expect((line.time ?? 0) >= (startedAt ?? 0)).toBe(true);
    }
  }
});

test('the search of the top bar finds entities, alerts and events', async () => {
  const { rows } = await busiest('serviceaccount', 1);
  const name = rows[0]?.title.split(':')[1] ?? '';
  const hits = await app.call('search/all', { text: name.toUpperCase(), limit: 30 });
  const event = await app.call('search/all', { text: all[3]?.auditID ?? '', limit: 30 });

  expect(hits.some((hit) => hit.kind === 'entity' && hit.title.includes(name))).toBe(true);
  expect(event.some((hit) => hit.kind === 'event' && hit.detail === all[3]?.auditID)).toBe(true);
});

test('an entity that is nowhere is refused', async () => {
  await expect(app.call('entities/detail', { entity: { kind: 'user', name: 'nobody-at-all' } })).rejects.toThrow(
    expect.objectContaining({ code: 'entity/unknown' }),
  );
});

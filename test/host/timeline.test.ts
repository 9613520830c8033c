import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventPage } from '../../core/contract/event-calls.ts';
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

const ids = (page: EventPage) => page.rows.map((row) => row.id);
const scope = (query: string) => ({ query });
const page = (query: string, rest: object) =>
  app.call('events/page', { scope: scope(query), order: 'oldest', limit: 7, start: { at: 'start' }, ...rest });
const actor = (fields: EventFields) => fields.impersonatedUser ?? fields.user;

describe.each(['', 'verb:create', 'image', 'not verb:get or image'])('pages of "%s"', (query) => {
  test.each(['oldest', 'newest'] as const)(
    '%s first follow each other without gap or overlap, and back again',
    async (order) => {
      const whole = ids(await page(query, { order, limit: 500 }));
      const last = whole.at(-1) ?? 0;
      const forth: number[] = [];
      for (let at: EventPage | null = await page(query, { order }); at !== null; ) {
        expect(at.ordinal === null || at.ordinal === forth.length).toBe(true);
        forth.push(...ids(at));
        const isLast = forth.includes(last);
        at = isLast ? null : await page(query, { order, start: { at: 'after', event: forth.at(-1) ?? 0 } });
      }
      const behind = await page(query, { order, start: { at: 'before', event: last } });

      expect(forth.slice(0, whole.length)).toEqual(whole);
      expect(ids(behind)).toEqual(whole.slice(-8, -1));
    },
  );

  test('a jump to a number gives that event, and its number again', async () => {
    const whole = ids(await page(query, { limit: 500 }));
    const jump = await page(query, { start: { at: 'ordinal', ordinal: 20 } });

    expect([ids(jump), jump.ordinal]).toEqual([whole.slice(20, 27), 20]);
  });

  test('the newest first are the oldest turned round', async () => {
    const { count } = await app.call('events/count', { scope: scope(query) });
    const newest = await page(query, { order: 'newest', start: { at: 'ordinal', ordinal: count - 3 } });

    expect([...ids(newest)].reverse()).toEqual(ids(await page(query, { limit: 3 })));
    expect(newest.hasAfter).toBe(false);
  });
});

test('a page around an event holds it in its middle; one at a time begins there', async () => {
  const middle = all[200] as EventFields;

  const around = await page('', { start: { at: 'around', event: middle.id } });
  const atTime = await page('', { start: { at: 'time', time: middle.time ?? 0 } });

  expect(ids(around)).toEqual(all.slice(197, 204).map(({ id }) => id));
  expect(atTime.rows[0]?.time).toBe(middle.time);
});

test('values of further fields come with the rows', async () => {
  const { rows } = await page('requestObject.spec.containers.image:*', {
    fields: ['verb', 'requestObject.spec.containers.image'],
  });

  expect(rows.length).toBeGreaterThan(0);
  for (const { verb, more } of rows) expect(more).toEqual([verb, expect.any(String)]);
});

test('facets count what the query leaves', async () => {
  const fields = ['verb', 'code', 'namespace', 'groups', 'decklog.actor', 'flag', 'requestURI'];
  const { total, facets } = await app.call('hunt/facets', { scope: scope('resource:pods'), fields, limit: 4 });
  const pods = all.filter(({ resource }) => resource === 'pods');
  const byVerb = Map.groupBy(pods, ({ verb }) => verb);

  expect(total).toBe(pods.length);
  for (const { text, count, condition } of facets[0]?.values ?? []) {
    expect(count).toBe(byVerb.get(text)?.length);
    expect(await app.call('events/count', { scope: scope(`resource:pods ${condition}`) })).toEqual({ count });
  }
  for (const { values, otherEvents, field } of facets.filter((facet) => !['groups', 'flag'].includes(facet.field)))
    expect([field, values.reduce((sum, { count }) => sum + count, otherEvents)]).toEqual([field, pods.length]);
});

test('a facet can be searched', async () => {
  const { facets } = await app.call('hunt/facets', {
    scope: scope(''),
    fields: ['user'],
    limit: 50,
    search: 'SERVICEACCOUNT',
  });

  expect(facets[0]?.values.length).toBeGreaterThan(0);
  for (const { text } of facets[0]?.values ?? []) expect(text).toContain('serviceaccount');
});

test.each(['level', 'verb', 'outcome', 'actor'] as const)(
  'the histogram by %s holds every event once',
  async (stack) => {
    const { bars, series, range, step, untimed, alerts } = await app.call('events/histogram', {
      scope: scope(''),
      bins: 60,
      stack,
    });
    const sums = bars.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));

    expect(bars.every(({ counts }) => counts.length === series.length)).toBe(true);
    expect(sums).toEqual(
      bars.map(
        (_, bar) => all.filter(({ time }) => time !== null && Math.floor((time - range.from) / step) === bar).length,
      ),
    );
    expect(untimed).toBe(0);
    expect(alerts.reduce((sum, { count }) => sum + count, 0)).toBe(app.store.findings.list().length);
  },
);

test('lanes hold every event once, alerts clustered by bin', async () => {
  const lanes = await app.call('events/lanes', { scope: scope(''), by: 'identity', bins: 20, limit: 5 });
  const [first] = lanes.lanes;
  const users = Map.groupBy(all, actor);

  expect(lanes.lanes.reduce((sum, { events }) => sum + events, lanes.hiddenEvents)).toBe(all.length);
  expect(lanes.lanes.length + lanes.hidden).toBe(users.size);
  for (const { name, events, bins, condition } of lanes.lanes) {
    expect(events).toBe(users.get(name)?.length);
    expect(bins.reduce((sum, count) => sum + count, 0)).toBe(events);
    expect(await app.call('events/count', { scope: scope(condition) })).toEqual({ count: events });
  }
  expect(first?.marks.length).toBeGreaterThan(0);
});

test.each(['namespace', 'object', 'address'] as const)(
  'the condition of a lane by %s selects its events',
  async (by) => {
    const { lanes } = await app.call('events/lanes', { scope: scope(''), by, bins: 20, limit: 8 });

    for (const { events, condition } of lanes)
      expect(await app.call('events/count', { scope: scope(condition) })).toEqual({ count: events });
  },
);

test('the heat map counts by weekday and hour', async () => {
  const { cells, most } = await app.call('events/heat', { scope: scope('') });
  const expected = Array.from({ length: 7 }, () => Array<number>(24).fill(0));
  for (const { time } of all) {
    const date = new Date((time ?? 0) / 1000);
    const day = expected[(date.getUTCDay() + 6) % 7] as number[];
    day[date.getUTCHours()] = (day[date.getUTCHours()] ?? 0) + 1;
  }

  expect(cells).toEqual(expected);
  expect(most).toBe(Math.max(...expected.flat()));
});

test('an event is found by number, audit id and time', async () => {
  const event = all[100] as EventFields;
  const find = (text: string) => app.call('events/find', { text, scope: scope('') });

  expect(await find(String(event.id))).toEqual({ id: event.id, ordinal: 100 });
  const { id } = (await find(event.auditID.toUpperCase())) ?? { id: 0 };
  expect(app.store.events.get(id)?.auditID).toBe(event.auditID);
  expect(await find('no such thing')).toBe(null);
});

test('the write before is of the same object and was recorded with its body', async () => {
  const { rows } = await page('verb:(update, patch) requestObject:*', { order: 'newest', limit: 50 });
  const found = await Promise.all(
    rows.map(async (row) => [row, await app.call('events/previous-write', { id: row.id })] as const),
  );
  const pairs = found.flatMap(([row, before]) => (before === null ? [] : [[row, before] as const]));

  for (const [row, { event, object }] of pairs) {
    expect([event.namespace, event.resource, event.name]).toEqual([row.namespace, row.resource, row.name]);
    expect((event.time ?? 0) <= (row.time ?? 0)).toBe(true);
    expect(JSON.parse(object)).toEqual(expect.any(Object));
  }
});

const CURSOR = '|';
test.each([
  ['ver|', 'field', 'verb:'],
  ['verb:cr|', 'value', 'create'],
  ['verb:(get, cr|', 'value', 'create'],
  ['code:200 verb:|', 'value', 'get'],
  ['not user:"system:|', 'value', 'system:'],
  ['verb:get an|', 'word', 'and '],
])('completing %s offers a %s', async (text, kind, wanted) => {
  const query = text.replace(CURSOR, '');
  const { from, to, options } = await app.call('hunt/complete', { query, cursor: text.indexOf(CURSOR) });
  const option = options.find((candidate) => candidate.kind === kind && candidate.text.includes(wanted));

  expect(option).toBeDefined();
  expect(query.slice(0, from) + option?.text + query.slice(to)).toContain(option?.text);
});

test('a query is checked in place, and its pieces cover all that is written', async () => {
  const good = await app.call('hunt/check', { query: 'verb:(get, list) and not user:"a b" x' });
  const bad = await app.call('hunt/check', { query: 'verb:get and' });

  expect(good).toMatchObject({ fault: null, isExact: false });
  expect(good.pieces.map(({ kind }) => kind).join(' ')).toBe(
    'field operator bracket value bracket value bracket word word field operator value text',
  );
  expect(bad.fault).toMatchObject({ code: 'query/invalid', at: { column: expect.any(Number) } });
});

test('what is seen is exported in its order', async () => {
  const fields = ['id', 'verb', 'user'];
  const ticket = await app.call('export/events', {
    scope: scope('verb:create'),
    order: 'newest',
    fields,
    format: 'jsonl',
  });
  const lines = readFileSync(join(app.folder, ticket.token), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const wanted = all.filter(({ verb }) => verb === 'create').reverse();

  expect(lines).toEqual(wanted.map(({ id, verb, user }) => ({ id: String(id), verb, user })));
});

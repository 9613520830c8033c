import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Calls, callsOver } from './calls.ts';
import { caseOf, newCasePath } from './case.ts';
import { logOf, type Made } from './made-log.ts';

const OBJECT = 'shop/configmaps/prices';
const STATES = 7;
let app: Calls;

function write(index: number): Made {
  const data = Object.fromEntries([['price', String(index)], ...(index === STATES - 1 ? many() : [])]);
  const body = {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', data },
    metadata: { name: 'prices', namespace: 'shop', uid: 'u-1', resourceVersion: String(100 + index) },
  };
  return {
    ...{ at: index * 60, verb: index === 0 ? 'create' : 'update', on: 'configmaps', level: 'RequestResponse' },
    ...{ code: index === 0 ? 201 : 200, request: body, response: body },
    more: { objectRef: { resource: 'configmaps', namespace: 'shop', name: 'prices', apiVersion: 'v1' } },
  };
}

const many = (): [string, string][] =>
  Array.from({ length: 60 }, (_, index) => [`key-${index}`, index === 0 ? 'x'.repeat(2000) : 'new']);

beforeAll(async () => {
  const path = newCasePath();
  const events = Array.from({ length: STATES }, (_, index) => write(index));
  (await caseOf([logOf(events)], {}, path)).close();
  app = callsOver(path);
});
afterAll(() => app.close());

test('pages of an object follow each other, newest first, and leave none out', async () => {
  const whole = await app.call('objects/history', { object: OBJECT, limit: 100 });
  const first = await app.call('objects/history', { object: OBJECT, limit: 4 });
  const second = await app.call('objects/history', { object: OBJECT, limit: 4, after: first.next ?? 0 });
  const times = whole.rows.map(({ time }) => time ?? 0);

  expect([whole.total, whole.next, second.next]).toEqual([STATES, null, null]);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect([...first.rows, ...second.rows]).toEqual(whole.rows);
});

test('changes say what was before and after; many and long ones are cut, and that is said', async () => {
  const { rows } = await app.call('objects/history', { object: OBJECT, limit: 2 });
  const price = { path: expect.stringContaining('price'), before: '"4"', after: '"5"' };

  expect(rows[1]?.changes).toContainEqual(price);
  expect(rows[1]?.moreChanges).toBe(0);
  expect(rows[0]?.changes.length).toBe(40);
  expect(rows[0]?.moreChanges).toBeGreaterThan(0);
  for (const { after } of rows[0]?.changes ?? []) expect(after?.length ?? 0).toBeLessThanOrEqual(401);
});

test('an object that the log does not name is told of', async () => {
  await expect(app.call('objects/history', { object: 'shop/configmaps/none', limit: 5 })).rejects.toThrow(
    expect.objectContaining({ code: 'object/unknown' }),
  );
});

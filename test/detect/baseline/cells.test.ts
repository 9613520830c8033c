import { expect, test } from 'vitest';
import { Cells, DAY_US } from '../../../core/detect/baseline/cells.ts';

const compare = (a: { timeUs: number; event: number }, b: { timeUs: number; event: number }) =>
  a.timeUs - b.timeUs || a.event - b.event;

/** Requests of some users on some days, a few of each. */
const REQUESTS = Array.from({ length: 600 }, (_, index) => ({
  observation: { group: [`user-${index % 20}`], parts: [[`address-${index % 3}`]] },
  counted: {
    timeUs: (Math.floor(index / 60) % 5) * DAY_US + index,
    event: index + 1,
    count: 2,
    excluded: index % 7 === 0 ? 1 : 0,
  },
}));

function folded(requests: typeof REQUESTS, most: number) {
  const cells = new Cells({ type: 'new_terms' }, compare, most);
  for (const { observation, counted } of requests) cells.add('prod', structuredClone(observation), counted);
  return { groups: [...cells.byGroup()], isFull: cells.isFull, count: cells.count };
}

test('the fold does not depend on the order, not even where there is more than is kept', () => {
  for (const most of [10_000, 300, 299, 60, 59, 5]) {
    const inOrder = folded(REQUESTS, most);
    expect(folded(REQUESTS.toReversed(), most)).toEqual(inOrder);
    expect([inOrder.count, inOrder.isFull]).toEqual([1200, most < 300]);
  }
});

test('cells hold their requests and the first events', () => {
  const { groups } = folded(REQUESTS, 10_000);
  const all = groups.flatMap(([, cells]) => cells);

  expect([groups.length, all.length]).toEqual([20, 300]);
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(1200);
  expect(all.every(({ proofs }) => proofs.length === 2 && compare(proofs[0]!, proofs[1]!) < 0)).toBe(true);
});

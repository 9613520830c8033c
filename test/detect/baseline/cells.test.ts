import { expect, test } from 'vitest';
import { Cells, DAY_US } from '../../../core/detect/baseline/cells.ts';
import { ProofLists } from '../../../core/detect/baseline/proof-lists.ts';

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
  const groups = Array.from(
    cells.byGroup(),
    ([group, own]) => [group, own.map((cell) => ({ ...cell, first: cell.first, proofs: cell.proofs }))] as const,
  );
  return { groups, isFull: cells.isFull, count: cells.count };
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

test('a list keeps the 25 first events of its own, in whatever order they come', () => {
  const events = Array.from({ length: 4000 }, (_, index) => ({ timeUs: (index * 7919) % 1000, event: index + 1 }));
  const orders = [events, events.toReversed(), events.toSorted(compare), events.toSorted(compare).toReversed()];
  for (const order of orders) {
    const lists = new ProofLists(compare);
    for (const { timeUs, event } of order) lists.add(event % 90, timeUs, event);
    for (let list = 0; list < 90; list++) {
      const expected = events.filter(({ event }) => event % 90 === list).sort(compare);
      expect(lists.of(list)).toEqual(expected.slice(0, 25));
      expect([lists.first(list), lists.timeOf(list)]).toEqual([expected[0], expected[0]?.timeUs]);
    }
  }
});

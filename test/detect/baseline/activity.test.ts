import { expect, test } from 'vitest';
import { Activity, type ActivityRow, WIDTH } from '../../../core/detect/baseline/activity.ts';

const HOUR_US = 3_600_000_000;

function rowsOf(count: number): ActivityRow[] {
  return Array.from({ length: count }, (_, index) => ({
    event: index + 1,
    timeUs: (index % 50) * HOUR_US + Math.floor(index / 50),
    // Actor, address, agent, operation, namespace, answer, cluster.
    ids: [index % 7, index % 31, index, index % 5, index % 3, 1, 0],
    weight: index % 4 === 0 ? 0 : 1,
  }));
}

function cellsOf(rows: readonly ActivityRow[], most: number) {
  const how = {
    isBefore: (a: number, b: number) => a < b,
    isHourly: (ids: ArrayLike<number>) => ids[3] === 2,
    levels: 1,
  };
  const activity = new Activity(how, most);
  for (const row of rows) activity.add(row, row.event % 10 === 0 ? 1 : 0);
  const cells: string[] = [];
  let requests = 0;
  const combinations = Int32Array.from({ length: activity.combinations + 1 }, (_, number) => number);
  activity.visitCells(combinations, 0, (number, counted) => {
    const ids = new Int32Array(WIDTH);
    activity.readIds(number, ids);
    cells.push(JSON.stringify({ ...counted, ids: Array.from(ids) }));
    requests += counted.count;
  });
  return { cells: cells.sort(), leftOut: activity.leftOut, requests };
}

test('what is counted does not depend on the order, not even where columns had to be left out', () => {
  const rows = rowsOf(6000);
  const shuffled = rows.toSorted((a, b) => ((a.event * 7919) % 6007) - ((b.event * 7919) % 6007));

  for (const most of [100_000, 3000, 400, 60]) {
    const inOrder = cellsOf(rows, most);
    expect(cellsOf(shuffled, most)).toEqual(inOrder);
    expect(cellsOf(rows.toReversed(), most)).toEqual(inOrder);
    expect(inOrder.requests).toBe(4500);
  }
});

test('the columns that a caller chooses freely are left out first, and cells stay bounded', () => {
  const rows = rowsOf(6000);

  expect([100_000, 3000, 400].map((most) => cellsOf(rows, most).leftOut)).toEqual([
    [],
    ['agent', 'address'],
    ['agent', 'address', 'namespace'],
  ]);
  expect(cellsOf(rows, 3000).cells.length).toBeLessThanOrEqual(3000);
});

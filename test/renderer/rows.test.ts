import { describe, expect, it } from 'vitest';
import { PAGE, PageAsker } from '../../renderer/grid/page-asker.ts';
import { RowSlots } from '../../renderer/grid/row-slots.ts';
import { SightStore } from '../../renderer/parts/rows-in-sight.tsx';

const rowsFrom = (first: number, limit: number): number[] => Array.from({ length: limit }, (_, index) => first + index);

describe('PageAsker', () => {
  it('asks with one call for pages that follow each other, and gives each its own rows', async () => {
    const calls: [number, number][] = [];
    const asker = new PageAsker(async (first, limit) => {
      calls.push([first, limit]);
      return rowsFrom(first, limit);
    });
    const { signal } = new AbortController();
    const pages = await Promise.all([8, 7, 3].map((page) => asker.rows(page, signal)));
    expect(calls).toEqual([
      [3 * PAGE, PAGE],
      [7 * PAGE, 2 * PAGE],
    ]);
    expect(pages).toEqual([8, 7, 3].map((page) => rowsFrom(page * PAGE, PAGE)));
  });

  it('gives a short last page what there is', async () => {
    const asker = new PageAsker(async (first) => rowsFrom(first, PAGE + 2));
    const { signal } = new AbortController();
    const pages = await Promise.all([0, 1, 2].map((page) => asker.rows(page, signal)));
    expect(pages.map((rows) => rows.length)).toEqual([PAGE, 2, 0]);
  });

  it('asks for no more rows at once than a call may answer', async () => {
    const limits: number[] = [];
    const asker = new PageAsker(async (first, limit) => {
      limits.push(limit);
      return rowsFrom(first, limit);
    });
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 45 }, (_, page) => asker.rows(page, signal)));
    expect(limits).toEqual([500, 500, 125]);
  });

  it('ends a call when all of its pages were given up, no sooner', async () => {
    let isAborted = (): boolean => false;
    const asker = new PageAsker((_first, _limit, signal) => {
      isAborted = () => signal.aborted;
      return new Promise<number[]>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const [one, two] = [new AbortController(), new AbortController()];
    const asked = Promise.allSettled([asker.rows(0, one.signal), asker.rows(1, two.signal)]);
    await Promise.resolve();
    one.abort();
    expect(isAborted()).toBe(false);
    two.abort();
    expect(isAborted()).toBe(true);
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('tells every page of a call that failed', async () => {
    const asker = new PageAsker(() => Promise.reject(new Error('the engine has gone')));
    const { signal } = new AbortController();
    const asked = await Promise.allSettled([asker.rows(0, signal), asker.rows(1, signal)]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('RowSlots', () => {
  it('keeps the slot of a row that stays, and gives those of rows that left to rows that came', () => {
    const slots = new RowSlots();
    expect(slots.assign([0, 1, 2])).toEqual([0, 1, 2]);
    expect(slots.assign([1, 2, 3])).toEqual([1, 2, 0]);
    expect(slots.assign([500, 501, 502, 1])).toEqual([0, 2, 3, 1]);
  });

  it('never gives one slot to two rows, however the list grows and shrinks', () => {
    const slots = new RowSlots();
    let first = 0;
    for (const length of [10, 3, 40, 1, 0, 12, 60, 5, 61]) {
      first += 7;
      const given = slots.assign(rowsFrom(first, length));
      expect(new Set(given).size).toBe(length);
      expect(Math.max(-1, ...given)).toBeLessThan(61);
    }
  });
});

describe('SightStore', () => {
  it('tells its listeners of another sight only', () => {
    const sight = new SightStore();
    let told = 0;
    const end = sight.listen(() => told++);
    sight.onSight(3, 9);
    sight.onSight(3, 9);
    expect([told, sight.get()]).toEqual([1, { first: 3, last: 9 }]);
    end();
    sight.onSight(4, 9);
    expect(told).toBe(1);
  });
});

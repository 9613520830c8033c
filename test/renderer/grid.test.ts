import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isScaled, scrollTopOf, topRow, topToShow, trackHeight } from '../../renderer/grid/scroll-map.ts';

const map = (rowCount: number) => ({ rowCount, rowHeight: 24, viewHeight: 600 });

test('the track never grows past what browsers can scroll, at twice the zoom too', () => {
  expect(trackHeight(map(100))).toBe(2400);
  expect(trackHeight(map(50_000_000)) * 2).toBeLessThan(33_000_000);
  expect([isScaled(map(1000)), isScaled(map(1_000_000))]).toEqual([false, true]);
});

test('every row can be brought to the top, and the last one stands at the bottom', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rowCount, share) => {
        const here = map(rowCount);
        const most = Math.max(0, rowCount - 25);
        const top = share * most;

        expect(Math.abs(topRow(here, scrollTopOf(here, top)) - top)).toBeLessThan(0.01);
        expect(topRow(here, trackHeight(here))).toBeCloseTo(most, 5);
      },
    ),
  );
});

test('a row in sight moves nothing, one below comes in at the bottom', () => {
  expect(topToShow(map(1000), 100, 110)).toBe(100);
  expect(topToShow(map(1000), 100, 50)).toBe(50);
  expect(topToShow(map(1000), 100, 125)).toBe(101);
});

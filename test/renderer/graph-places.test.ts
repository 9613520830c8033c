import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GraphNode } from '../../core/contract/entity-calls.ts';
import { fitted, NODE_HEIGHT } from '../../renderer/views/entities/graph-places.ts';

/** What stands in the middle, with `before` nodes on the one side and `after` on the other. */
function star(before: number, after: number, middle = 1): GraphNode[] {
  const node = (x: number, y: number, name: string): GraphNode => ({
    ...{ entity: { kind: 'object', name }, title: name, weight: 1, alerts: 0, level: null },
    ...{ x, y, width: 200, height: 40 },
  });
  return [
    ...Array.from({ length: middle }, (_, index) => node(400, index * 50, `middle ${index}`)),
    ...Array.from({ length: before }, (_, index) => node(100, index * 50, `before ${index}`)),
    ...Array.from({ length: after }, (_, index) => node(700, index * 50, `after ${index}`)),
  ];
}

test('boxes never overlap and stay in the picture, whatever the width', () => {
  const counts = fc.integer({ min: 0, max: 13 });
  fc.assert(
    fc.property(counts, counts, counts, fc.integer({ min: 120, max: 1600 }), (before, after, middle, width) => {
      const layout = fitted(star(before, after, middle), width);
      if (layout === null) return;
      const { places, nodeWidth, height } = layout;
      for (const [index, a] of places.entries()) {
        expect(a.x).toBeGreaterThanOrEqual(0);
        expect(a.x + nodeWidth).toBeLessThanOrEqual(width);
        expect(a.y + NODE_HEIGHT).toBeLessThanOrEqual(height);
        for (const b of places.slice(index + 1)) {
          const isApart = Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= NODE_HEIGHT;
          expect(isApart).toBe(true);
        }
      }
    }),
  );
});

test('a narrow pane puts the middle above its sides, so that names keep room', () => {
  const narrow = fitted(star(6, 7), 400);
  expect([narrow?.isMiddleAbove, (narrow?.nodeWidth ?? 0) > 160]).toEqual([true, true]);
  expect(fitted(star(6, 7), 820)).toMatchObject({ isMiddleAbove: false, nodeWidth: 230 });
  expect(fitted(star(6, 7), 150)).toBeNull();
});

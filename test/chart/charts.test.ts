import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { clusterMarks } from '../../core/chart/cluster-marks.ts';
import { binTotals, histogramChart } from '../../core/chart/histogram.ts';
import { seriesFills } from '../../core/chart/series-fill.ts';
import { severityShape } from '../../core/chart/severity.ts';
import { countTicks, timeAt, timeTicks, xOf } from '../../core/chart/time-axis.ts';
import { visibleParts, visibleText } from '../../core/chart/visible-text.ts';
import { LEVELS } from '../../core/contract/rows.ts';

const scale = { from: 0, to: 3_600_000_000, width: 600 };
const svg = (node: Parameters<typeof createElement>[2]) => renderToStaticMarkup(createElement('svg', null, node));

test('the same data draws the same bytes, however often', () => {
  const histogram = {
    start: 0,
    binUs: 60_000_000,
    layers: [
      { label: 'succeeded', fill: 'var(--d1)', counts: [3, 0, 5] },
      { label: 'attempted', fill: 'var(--d3)', counts: [1, 1, 0] },
    ],
  };
  const draw = () =>
    svg(histogramChart(histogram, { scale, height: 100, id: 'a', gaps: [{ from: 60_000_000, to: 120_000_000 }] }));

  expect(draw()).toBe(draw());
  expect(draw()).toContain('url(#hatch-a)');
  expect(binTotals(histogram)).toEqual([4, 1, 5]);
});

test('a bar that is there is seen: one event among millions is a pixel high', () => {
  const histogram = { start: 0, binUs: 1_800_000_000, layers: [{ label: 'all', fill: 'x', counts: [5_000_000, 1] }] };

  expect(svg(histogramChart(histogram, { scale, height: 100, id: 'b', hasAxis: false }))).toContain(
    'M300 100V99H599V100Z',
  );
});

test('each level has a shape and a letter of its own', () => {
  const drawn = LEVELS.map((level) => svg(severityShape(level)));

  expect(new Set(drawn.map((text) => /<(polygon points="[^"]+|circle|rect)/.exec(text)?.[1])).size).toBe(5);
  expect(drawn.map((text) => /<text[^>]*>(\w)</.exec(text)?.[1])).toEqual(['I', 'L', 'M', 'H', 'C']);
});

test('marks that would overlap are joined under the highest level, in any order of input', () => {
  const marks = [
    { id: 1, us: 0, level: 'low' as const },
    { id: 2, us: 30_000_000, level: 'critical' as const },
    { id: 3, us: 1_800_000_000, level: 'medium' as const },
  ];

  expect(clusterMarks(marks, scale)).toEqual([
    { x: 0, level: 'critical', ids: [1, 2], from: 0, to: 30_000_000 },
    { x: 300, level: 'medium', ids: [3], from: 1_800_000_000, to: 1_800_000_000 },
  ]);
  expect(clusterMarks([...marks].reverse(), scale)).toEqual(clusterMarks(marks, scale));
});

test('ticks stand at round times from ten days down to microseconds', () => {
  const labels = (to: number) => timeTicks({ from: 0, to, width: 600 }).map(({ label }) => label);

  expect(labels(864_000_000_000).slice(0, 2)).toEqual(['Thu 1 Jan', 'Sat 3 Jan']);
  expect(labels(3_600_000_000)).toContain('00:10');
  expect(labels(1_000_000)).toContain('00.200 s');
  expect(countTicks(520)).toEqual([0, 200, 400]);
  expect(timeAt(scale, xOf(scale, 123_456_789))).toBe(123_456_789);
});

test('what was denied stands out most, and names get shades of their own', () => {
  expect(seriesFills(['succeeded', 'attempted', 'failed'])).toEqual(['var(--d1)', 'var(--d3)', 'var(--d2)']);
});

test('what hides or misleads is written out, and nothing else', () => {
  expect(visibleText('a\u202eb\u0000<script>é😀\n')).toBe('a\\u202eb\\u0000<script>é😀\\n');
  expect(visibleParts('a\u200bb')).toEqual([
    { text: 'a', isEscape: false },
    { text: '\\u200b', isEscape: true },
    { text: 'b', isEscape: false },
  ]);
});

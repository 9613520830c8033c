import { createElement as h, type ReactElement } from 'react';
import { axisCount, countTicks, type TimeScale, timeTicks, xOf } from './time-axis.ts';

/** One layer of a stacked histogram; layers are drawn from the bottom up. */
export interface HistogramLayer {
  readonly label: string;
  /** A CSS colour, usually a variable. */
  readonly fill: string;
  readonly counts: readonly number[];
}

export interface Histogram {
  /** Start of the first bin, microseconds. */
  readonly start: number;
  readonly binUs: number;
  readonly layers: readonly HistogramLayer[];
}

/** A stretch without records, drawn hatched and never as zero. */
export interface GapSpan {
  readonly from: number;
  readonly to: number;
}

export interface HistogramOptions {
  readonly scale: TimeScale;
  readonly height: number;
  readonly gaps?: readonly GapSpan[];
  /** Makes ids of patterns unique on a page. */
  readonly id: string;
  readonly hasAxis?: boolean;
}

/** Total of each bin. */
export function binTotals(histogram: Histogram): readonly number[] {
  const bins = histogram.layers[0]?.counts.length ?? 0;
  return Array.from({ length: bins }, (_, bin) =>
    histogram.layers.reduce((sum, layer) => sum + (layer.counts[bin] ?? 0), 0),
  );
}

/** Bars, gridlines, gaps and the time axis below; the origin is the top left corner of the bars. */
export function histogramChart(histogram: Histogram, options: HistogramOptions): ReactElement {
  const { scale, height } = options;
  const most = Math.max(1, ...binTotals(histogram));
  const y = (value: number): number => height - (value / most) * (height - 4);
  return h(
    'g',
    null,
    hatchPattern(options.id),
    options.hasAxis === false ? null : gridLines(most, scale.width, y),
    ...(options.gaps ?? []).map((gap) => gapBox(gap, scale, height, options.id)),
    ...layerPaths(histogram, scale, most, height),
    h('line', { className: 'axl', x1: 0, x2: scale.width, y1: height + 0.5, y2: height + 0.5 }),
    options.hasAxis === false ? null : timeAxis(scale, height),
  );
}

/** Diagonal lines that mean "nothing is known here". */
export function hatchPattern(id: string): ReactElement {
  return h(
    'defs',
    null,
    h(
      'pattern',
      { id: `hatch-${id}`, width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      h('rect', { width: 5, height: 5, style: { fill: 'var(--surface)' } }),
      h('line', { x1: 0, y1: 0, x2: 0, y2: 5, style: { stroke: 'var(--hatch)', strokeWidth: 1.6 } }),
    ),
  );
}

export function gapBox(gap: GapSpan, scale: TimeScale, height: number, id: string): ReactElement | null {
  const left = Math.max(0, xOf(scale, gap.from));
  const right = Math.min(scale.width, xOf(scale, gap.to));
  if (right <= 0 || left >= scale.width) return null;
  return h('rect', {
    key: `gap${gap.from}`,
    x: left,
    y: 0,
    width: Math.max(3, right - left),
    height,
    fill: `url(#hatch-${id})`,
  });
}

/** Labels and ticks of a time axis below `y`. */
export function timeAxis(scale: TimeScale, y: number): ReactElement {
  return h(
    'g',
    { key: 'axis' },
    ...timeTicks(scale).map((tick) => {
      const x = xOf(scale, tick.us);
      const isAtEnd = x > scale.width - 30;
      return h(
        'g',
        { key: tick.us },
        h('line', { className: 'axl', x1: x, x2: x, y1: y, y2: y + 4 }),
        h(
          'text',
          {
            className: 'ax',
            x: isAtEnd ? scale.width : Math.max(x, 0) + (x < 4 ? 0 : 0),
            y: y + 15,
            textAnchor: isAtEnd ? 'end' : x < 30 ? 'start' : 'middle',
          },
          tick.label,
        ),
      );
    }),
  );
}

function gridLines(most: number, width: number, y: (value: number) => number): ReactElement {
  return h(
    'g',
    { key: 'lines' },
    ...countTicks(most).map((value) =>
      h(
        'g',
        { key: value },
        value === 0
          ? null
          : h('line', {
              className: 'axl',
              x1: 0,
              x2: width,
              y1: Math.round(y(value)) + 0.5,
              y2: Math.round(y(value)) + 0.5,
            }),
        h('text', { className: 'ax', x: -6, y: y(value) + 3.5, textAnchor: 'end' }, axisCount(value)),
      ),
    ),
  );
}

/** One path a layer, however many bins: the page stays light while one brushes. */
function layerPaths(histogram: Histogram, scale: TimeScale, most: number, height: number): ReactElement[] {
  const bins = histogram.layers[0]?.counts.length ?? 0;
  const base = new Float64Array(bins);
  return histogram.layers.map((layer) => {
    let path = '';
    for (let bin = 0; bin < bins; bin++) {
      const count = layer.counts[bin] ?? 0;
      if (count === 0) continue;
      const left = Math.max(0, xOf(scale, histogram.start + bin * histogram.binUs));
      const right = Math.min(scale.width, xOf(scale, histogram.start + (bin + 1) * histogram.binUs));
      if (right <= left) continue;
      const gap = right - left > 3 ? 1 : 0;
      // What is there is seen: at least one pixel.
      const tall = Math.max(1, (count / most) * (height - 4));
      const bottom = height - (base[bin] ?? 0);
      base[bin] = (base[bin] ?? 0) + tall;
      path += `M${round(left)} ${round(bottom)}V${round(bottom - tall)}H${round(right - gap)}V${round(bottom)}Z`;
    }
    return h('path', { key: layer.label, d: path, style: { fill: layer.fill } });
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

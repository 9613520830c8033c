import { createElement as h, type ReactElement } from 'react';
import { type TimeScale, xOf } from './time-axis.ts';

/** Events of one lane by bins, and how many of them were denied or failed. */
export interface LaneBins {
  readonly start: number;
  readonly binUs: number;
  readonly counts: readonly number[];
  readonly denied: readonly number[];
}

/** Small bars on a square root scale: a lane tells when, the histogram above tells how many. */
export function laneChart(lane: LaneBins, scale: TimeScale, height: number): ReactElement {
  const most = Math.max(1, ...lane.counts);
  const path = (counts: readonly number[]): string => {
    let drawn = '';
    for (let bin = 0; bin < counts.length; bin++) {
      const count = counts[bin] ?? 0;
      if (count === 0) continue;
      const left = Math.max(0, xOf(scale, lane.start + bin * lane.binUs));
      const right = Math.min(scale.width, xOf(scale, lane.start + (bin + 1) * lane.binUs));
      if (right <= 0 || left >= scale.width || right <= left) continue;
      const tall = Math.max(2, Math.sqrt(count / most) * height);
      const wide = Math.max(1, right - left - (right - left > 3 ? 1 : 0));
      drawn += `M${round(left)} ${height}v${round(-tall)}h${round(wide)}V${height}Z`;
    }
    return drawn;
  };
  return h(
    'g',
    null,
    h('path', { d: path(lane.counts), style: { fill: 'var(--d1)' } }),
    h('path', { d: path(lane.denied), style: { fill: 'var(--d3)' } }),
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

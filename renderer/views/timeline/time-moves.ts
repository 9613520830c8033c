import type { TimeRange } from '../../../core/contract/scope.ts';
import { SECOND_US } from '../../words/time.ts';

const SHORTEST = SECOND_US;

/** A range by another factor of its length around a time (its middle if none), within the case and never under a second. */
export function zoomed(range: TimeRange, span: TimeRange, factor: number, around?: number): TimeRange {
  const length = Math.max(SHORTEST, Math.round((range.to - range.from) * factor));
  const middle = around ?? (range.from + range.to) / 2;
  const share = range.to === range.from ? 0.5 : (middle - range.from) / (range.to - range.from);
  return within({ from: Math.round(middle - share * length), to: Math.round(middle + (1 - share) * length) }, span);
}

/** A range moved by a share of its length, kept within the case. */
export function moved(range: TimeRange, span: TimeRange, share: number): TimeRange {
  const length = range.to - range.from;
  const by = Math.round(length * share);
  const from = Math.max(span.from, Math.min(span.to - length, range.from + by));
  return { from, to: from + length };
}

/** One end moved outwards. */
export function widened(range: TimeRange, span: TimeRange, side: 'left' | 'right'): TimeRange {
  const by = Math.max(SHORTEST, Math.round((range.to - range.from) * 0.25));
  return side === 'left'
    ? { from: Math.max(span.from, range.from - by), to: range.to }
    : { from: range.from, to: Math.min(span.to, range.to + by) };
}

/** Minutes around a time. */
export function around(us: number, minutes: number): TimeRange {
  return { from: us - minutes * 60 * SECOND_US, to: us + minutes * 60 * SECOND_US };
}

export function isWhole(range: TimeRange, span: TimeRange): boolean {
  return range.from <= span.from && range.to >= span.to;
}

function within(range: TimeRange, span: TimeRange): TimeRange {
  return { from: Math.max(span.from, range.from), to: Math.min(span.to, range.to) };
}

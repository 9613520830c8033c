import { parseTimeSpan } from './time-span.ts';
import { cut, isActive, type Word } from './word.ts';

/** Numbers or times from `min` to `max`, both included. */
export interface Interval {
  readonly min: number;
  readonly max: number;
}

/** Reads one bound of an interval, as the span of numbers that it stands for. */
export type BoundReader = (text: string) => Interval | null;

export const readNumber: BoundReader = (text) => {
  const value = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
  return value === null ? null : { min: value, max: value };
};

export const readTime: BoundReader = (text) => {
  const span = parseTimeSpan(text);
  return span && { min: span.first, max: span.last };
};

/** What stands in front of or between the bounds: `>=` and so on, `..`, or `=` for a bound alone. */
export interface Comparison {
  readonly operator: '=' | '>' | '>=' | '<' | '<=' | '..';
  readonly bounds: readonly [string] | readonly [string, string];
}

/** Takes the operator off a value; quoted characters are never part of one. */
export function comparisonOf(word: Word): Comparison {
  const operator = (['>=', '<=', '>', '<'] as const).find((sign) => startsActive(word, sign));
  if (operator) return { operator, bounds: [cut(word, operator.length).text] };
  const dots = word.text.indexOf('..');
  if (dots >= 0 && isActive(word, dots)) {
    return { operator: '..', bounds: [word.text.slice(0, dots), word.text.slice(dots + 2)] };
  }
  return { operator: '=', bounds: [word.text] };
}

function startsActive(word: Word, sign: string): boolean {
  return word.text.startsWith(sign) && isActive(word, 0);
}

/** The interval of a comparison; null where a bound cannot be read or both are missing. */
export function intervalOf(comparison: Comparison, read: BoundReader): Interval | null {
  const [low, high] = comparison.bounds;
  if (comparison.operator === '..') {
    const from = low === '' ? { min: Number.NEGATIVE_INFINITY, max: 0 } : read(low);
    const to = high === '' ? { min: 0, max: Number.POSITIVE_INFINITY } : read(high as string);
    return from && to && !(low === '' && high === '') ? { min: from.min, max: to.max } : null;
  }
  const bound = read(low);
  return bound && beside(comparison.operator, bound);
}

function beside(operator: '=' | '>' | '>=' | '<' | '<=', { min, max }: Interval): Interval {
  switch (operator) {
    case '=':
      return { min, max };
    case '>':
      return { min: nudge(max, 1), max: Number.POSITIVE_INFINITY };
    case '>=':
      return { min, max: Number.POSITIVE_INFINITY };
    case '<':
      return { min: Number.NEGATIVE_INFINITY, max: nudge(min, -1) };
    case '<=':
      return { min: Number.NEGATIVE_INFINITY, max };
  }
}

/** The next number up (1) or down (-1), near enough: intervals include their bounds, also where values are fractions. */
function nudge(value: number, sign: 1 | -1): number {
  return value + sign * Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
}

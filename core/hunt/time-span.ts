import { parseTime } from '../event/time.ts';

/** The microseconds that a written time stands for, first and last included. */
export interface TimeSpan {
  readonly first: number;
  readonly last: number;
}

const PATTERN = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|z|[+-]\d\d:?\d\d)?)?$/;
const SECOND = 1_000_000;

/**
 * Reads a date or time that may stop at any unit: `2026-03-04` is that whole day, `2026-03-04T10:15Z` that minute, and a
 * time with fraction digits as fine a span as they say. UTC unless an offset is written.
 * @returns null for anything else
 */
export function parseTimeSpan(text: string): TimeSpan | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [, date, hour, minute, second, fraction, zone] = match;
  const whole = `${date}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}${fraction ? `.${fraction}` : ''}${zone ?? 'Z'}`;
  const first = parseTime(whole);
  return first === null ? null : { first, last: first + unitOf(hour, minute, second, fraction) - 1 };
}

function unitOf(hour?: string, minute?: string, second?: string, fraction?: string): number {
  if (fraction) return Math.max(1, SECOND / 10 ** fraction.length);
  if (second) return SECOND;
  if (minute) return 60 * SECOND;
  return hour ? 3600 * SECOND : 86_400 * SECOND;
}

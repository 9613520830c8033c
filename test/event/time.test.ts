import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTime, parseTime } from '../../core/event/time.ts';

test('a time with any number of fraction digits is read to the microsecond', () => {
  const texts = [
    '2026-03-04T10:15:01Z',
    '2026-03-04T10:15:01.1Z',
    '2026-03-04T10:15:01.120431Z',
    '2026-03-04T10:15:01.120431999Z',
  ];

  const times = texts.map((text) => formatTime(parseTime(text) as number));

  expect(times).toEqual([
    '2026-03-04T10:15:01.000000Z',
    '2026-03-04T10:15:01.100000Z',
    '2026-03-04T10:15:01.120431Z',
    '2026-03-04T10:15:01.120431Z',
  ]);
});

test('an offset is taken off', () => {
  expect(formatTime(parseTime('2026-03-04T12:15:01.5+02:00') as number)).toBe('2026-03-04T10:15:01.500000Z');
  expect(formatTime(parseTime('2026-03-04T05:45:01-04:30') as number)).toBe('2026-03-04T10:15:01.000000Z');
});

test('what is no time of the calendar is null', () => {
  const texts = [
    '',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-03-04',
    '2026-03-04T24:00:00Z',
    '2026-03-04T10:15:60Z',
    7,
    null,
  ];

  expect(texts.map(parseTime)).toEqual(texts.map(() => null));
});

test('every millisecond of two centuries comes back as it was', () => {
  const range = { min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) };

  fc.assert(fc.property(fc.integer(range), (ms) => parseTime(new Date(ms).toISOString()) === ms * 1000));
});

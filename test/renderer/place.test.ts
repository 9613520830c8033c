import { expect, test } from 'vitest';
import { parseSearch, rangeOf, rangeParams, readSearch, writeSearch } from '../../renderer/search-params.ts';

test('a link gives back what it was made of', () => {
  const search = {
    q: 'verb:create and name:"a&b=c#?"',
    event: 12,
    kind: 'address',
    entity: '::1',
    group: 'rule',
    from: '2026-03-09T01:00:00.000001Z',
  } as const;

  expect(readSearch(parseSearch(writeSearch(search)))).toEqual(search);
});

test('what makes no sense in a link is left out', () => {
  expect(readSearch(parseSearch('?event=-1&alert=x&group=nothing&from=yesterday&level=high&unknown=1'))).toEqual({
    level: 'high',
  });
});

test('a range keeps its microseconds, an open end is that of the case, and ends that are swapped are put right', () => {
  const span = { from: 0, to: 10_000_000 };

  expect(rangeOf(readSearch(rangeParams({ from: 1_000_001, to: 2_000_002 })), span)).toEqual({
    from: 1_000_001,
    to: 2_000_002,
  });
  expect(rangeOf({ from: '1970-01-01T00:00:01Z' }, span)).toEqual({ from: 1_000_000, to: 10_000_000 });
  expect(rangeOf({ from: '1970-01-01T00:00:05Z', to: '1970-01-01T00:00:01Z' }, span)).toEqual({
    from: 1_000_000,
    to: 5_000_000,
  });
  expect(rangeOf({}, span)).toBeNull();
});

import { expect, test } from 'vitest';
import { mapKey } from '../core/map-key.ts';

test('a short text is its own key; of long ones no two have the same, and none is long', () => {
  const long = Array.from({ length: 300 }, (_, at) => `["${'€'.repeat(20_000)}${String(at).padStart(3, '0')}"]`);
  const keys = new Set(long.map(mapKey));

  expect([mapKey('["ann"]'), mapKey('')]).toEqual(['["ann"]', '']);
  expect([keys.size, mapKey(long[0] as string)]).toEqual([300, [...keys][0]]);
  expect([...keys].every((key) => key.startsWith('#') && key.length < 100)).toBe(true);
});

import { expect, test } from 'vitest';
import { SeenKeys } from '../../core/store/seen-keys.ts';

test('keys that were let go of are found no more, and others may come', () => {
  const keys = new SeenKeys();
  for (let id = 1; id <= 10_000; id++) keys.add(id, id % 7, id);
  const before = keys.find(9_999, 9_999 % 7);

  keys.release();
  keys.add(5, 5, 1);

  expect([before, keys.find(9_999, 9_999 % 7), keys.find(5, 5), keys.count]).toEqual([[9_999], [], [1], 1]);
});

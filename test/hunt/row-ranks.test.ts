import { describe, expect, test } from 'vitest';
import { RowRanks } from '../../core/hunt/row-mask.ts';

/** A mask of ones at random places, the same for the same seed. */
function randomMask(length: number, share: number, seed: number): Uint8Array {
  let state = seed;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32 < share ? 1 : 0;
  });
}

describe('numbers of rows', () => {
  test.each([
    [0, 0.5],
    [1, 1],
    [4096, 1],
    [4097, 0],
    [20_000, 0.001],
    [20_000, 0.3],
    [12_288, 0.99],
  ])('of %i rows, with a share of %f in the mask, agree with counting', (length, share) => {
    const mask = randomMask(length, share, 7);
    const ranks = new RowRanks(mask);
    let count = 0;
    for (let row = 0; row < length; row++) {
      expect(ranks.before(row)).toBe(count);
      if (mask[row] === 1) expect(ranks.rowAt(count++)).toBe(row);
    }
    expect(ranks.before(length)).toBe(count);
    expect(ranks.rowAt(count)).toBe(length);
  });
});

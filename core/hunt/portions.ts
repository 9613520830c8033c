import type { Ids } from '../store/case-columns.ts';

/** Rows that lie in one block, in order. */
export interface Portion {
  readonly block: number;
  readonly rows: Uint32Array<ArrayBuffer>;
}

/** Rows that are meant, by block (`block`: of each row); the blocks in the order of their first such row. */
export function portionsOf(block: Ids, isMeant: (row: number) => boolean): Portion[] {
  const counts = new Map<number, number>();
  for (let row = 0; row < block.length; row++) {
    if (!isMeant(row)) continue;
    const at = block[row] as number;
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  const filling = new Map([...counts].map(([at, count]) => [at, { rows: new Uint32Array(count), filled: 0 }]));
  for (let row = 0; row < block.length; row++) {
    if (!isMeant(row)) continue;
    const portion = filling.get(block[row] as number) as { rows: Uint32Array; filled: number };
    portion.rows[portion.filled++] = row;
  }
  return [...filling].map(([at, { rows }]) => ({ block: at, rows }));
}

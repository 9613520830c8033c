import { expect, test } from 'vitest';
import {
  type Hit,
  HitBuilder,
  type HitColumns,
  hitOf,
  packHits,
  proofOf,
  rulesOf,
  unpackHits,
} from '../../core/event/hit-columns.ts';

const hitAt = (hits: HitColumns, at: number): Hit => ({
  row: hits.row[at] as number,
  inner: hits.inner?.[at] ?? null,
  rules: [...rulesOf(hits, at)],
  holds: hits.holds[at] as number,
  proof: Buffer.from(proofOf(hits, at)).toString(),
});

const some = (count: number, inner: (at: number) => string | null = () => null): Hit[] =>
  Array.from({ length: count }, (_, at) => ({
    row: at * 3 + (at % 2),
    inner: inner(at),
    rules: Array.from({ length: at % 7 }, (_none, rule) => at + rule),
    holds: at % 8,
    proof: JSON.stringify({ text: `é ${'€x'.repeat((at * 31) % 900)}` }),
  }));

const built = (builder: HitBuilder, hits: readonly Hit[]): HitColumns => {
  for (const hit of hits) builder.add(hit);
  return builder.take();
};

test('hits come out of columns as they went in, and a builder begins anew for each block', () => {
  const builder = new HitBuilder();
  const blocks = [some(1000), some(0), some(3, (at) => (at === 1 ? '/items/4' : null)), some(700)];
  const taken = blocks.map((hits) => built(builder, hits));
  expect(taken.map((columns) => Array.from(columns.row, (_, at) => hitAt(columns, at)))).toEqual(blocks);
  expect(taken.map(({ inner }) => inner)).toEqual([null, null, [null, '/items/4', null], null]);
});

test('a proof that is UTF-8 already stays as it is', () => {
  const [first, second] = [new HitBuilder(), new HitBuilder()];
  const hits = some(40);
  for (const { proof, ...hit } of hits) second.add({ ...hit, proof: Buffer.from(proof) });
  expect(second.take()).toEqual(built(first, hits));
});

test('the hit of a row is found, and that there is none', () => {
  const columns = built(new HitBuilder(), some(50));
  const rows = [...columns.row];
  for (let row = -1; row < 160; row++) expect(hitOf(columns, row)).toBe(rows.indexOf(row));
  expect(hitOf(new HitBuilder().take(), 0)).toBe(-1);
});

test('hits come back from bytes, wherever these stand', () => {
  const columns = built(new HitBuilder(), some(300));
  const packed = packHits(columns);
  for (const shift of [0, 1, 2, 3]) {
    const moved = Buffer.concat([Buffer.alloc(shift), packed]).subarray(shift);
    const back = unpackHits(moved);
    expect(Array.from(back.row, (_, at) => hitAt(back, at))).toEqual(some(300));
  }
});

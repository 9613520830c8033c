import type { Connection } from './connection.ts';
import { timeOrder } from './time-order.ts';

/** What decides about the order of events, by position (event id less one). */
export interface OrderKeys {
  readonly time: Float64Array;
  readonly elapsed: Float64Array;
  readonly block: ArrayLike<number>;
}

/**
 * Positions of all events in the order that holds everywhere: received time, stage time, hash of the member, offset (then id).
 * Null where they stand in that order already. Offsets are only asked for where all else is equal and ids do not tell.
 */
export function eventOrder(db: Connection, keys: OrderKeys): Uint32Array | null {
  const places = new Places(db);
  const byTime = timeOrder(keys.time);
  const order = byTime ?? new Uint32Array(keys.time.length).map((_, at) => at);
  const isChanged = sortTies(order, keys, places);
  return byTime !== null || isChanged ? order : null;
}

function sortTies(order: Uint32Array, keys: OrderKeys, places: Places): boolean {
  const { time } = keys;
  const compare = (a: number, b: number) => compareTied(a, b, keys, places);
  let isChanged = false;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && Object.is(time[order[end] as number], time[order[start] as number])) end++;
    if (end - start > 1) isChanged = sortSlice(order.subarray(start, end), compare) || isChanged;
    start = end;
  }
  return isChanged;
}

function sortSlice(slice: Uint32Array, compare: (a: number, b: number) => number): boolean {
  if (slice.every((position, at) => at === 0 || compare(slice[at - 1] as number, position) <= 0)) return false;
  slice.sort(compare);
  return true;
}

function compareTied(a: number, b: number, { elapsed, block }: OrderKeys, places: Places): number {
  const later = (elapsed[a] as number) - (elapsed[b] as number);
  if (later !== 0) return later;
  return places.compare(a + 1, block[a] as number, b + 1, block[b] as number);
}

/** Compares where events stand. */
class Places {
  /** By block: rank of the member's hash, ledger line. */
  readonly #blocks = new Map<number, { readonly rank: number; readonly evidence: number }>();
  readonly #moved: ReadonlySet<number>;
  readonly #offsetOf;

  constructor(db: Connection) {
    const rows = db
      .prepare(
        `SELECT block.id, block.evidence, dense_rank() OVER (ORDER BY evidence.sha256)
         FROM block JOIN evidence ON evidence.id = block.evidence ORDER BY block.id`,
      )
      .raw()
      .all() as [number, number, number][];
    for (const [id, evidence, rank] of rows) this.#blocks.set(id, { rank, evidence });
    this.#moved = new Set(db.prepare('SELECT event FROM moved').pluck().all() as number[]);
    this.#offsetOf = db
      .prepare('SELECT block.offset + event.start FROM event JOIN block ON block.id = event.block WHERE event.id = ?')
      .pluck();
  }

  compare(a: number, blockOfA: number, b: number, blockOfB: number): number {
    const one = this.#blocks.get(blockOfA);
    const other = this.#blocks.get(blockOfB);
    if (one === undefined || other === undefined) return a - b;
    if (one.rank !== other.rank) return one.rank - other.rank;
    const isPlain = one.evidence === other.evidence && !this.#moved.has(a) && !this.#moved.has(b);
    return (isPlain ? 0 : this.#offset(a) - this.#offset(b)) || a - b;
  }

  #offset(id: number): number {
    return this.#offsetOf.get(id) as number;
  }
}

import type { EventStart } from '../contract/event-calls.ts';
import type { EventIndex } from '../store/event-index.ts';
import { countRows } from './row-mask.ts';
import type { EventSelection } from './selection.ts';

export interface PageRequest {
  readonly order: 'oldest' | 'newest';
  readonly start: EventStart;
  readonly limit: number;
}

/** Rows of a page in the order asked for. */
export interface RowPage {
  readonly rows: readonly number[];
  /** Number of the first one among those selected; null while it is not known. */
  readonly ordinal: number | null;
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
}

/** Reads one page of a selection. An event that is not there gives the first page. */
export async function pageOf(
  selection: EventSelection,
  index: EventIndex,
  request: PageRequest,
  signal: AbortSignal,
): Promise<RowPage> {
  const walker = new Walker(selection, request.order, signal);
  const rows = await rowsOf(walker, selection, index, request);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return { rows, ordinal: null, hasBefore: false, hasAfter: false };
  return {
    rows,
    ordinal: walker.ordinalOf(first),
    hasBefore: walker.mayHave(first, -1),
    hasAfter: walker.mayHave(last, 1),
  };
}

async function rowsOf(
  walker: Walker,
  selection: EventSelection,
  index: EventIndex,
  { order, start, limit }: PageRequest,
): Promise<number[]> {
  const [first, last] = order === 'oldest' ? [0, selection.mask.length - 1] : [selection.mask.length - 1, 0];
  switch (start.at) {
    case 'start':
      return walker.take(first, 1, limit);
    case 'end':
      return (await walker.take(last, -1, limit)).reverse();
    case 'time':
      return walker.take(rowAtTime(index, start.time, order), 1, limit);
    case 'ordinal':
      return walker.take(await walker.rowAt(start.ordinal), 1, limit);
    default:
      return besideEvent(walker, index.rowOf(start.event), start.at, limit, first);
  }
}

async function besideEvent(
  walker: Walker,
  row: number,
  at: 'after' | 'before' | 'around',
  limit: number,
  first: number,
): Promise<number[]> {
  if (row < 0) return walker.take(first, 1, limit);
  if (at === 'after') return walker.take(walker.step(row, 1), 1, limit);
  const before = (
    await walker.take(walker.step(row, -1), -1, at === 'before' ? limit : Math.floor(limit / 2))
  ).reverse();
  return at === 'before' ? before : [...before, ...(await walker.take(row, 1, limit - before.length))];
}

/** First row at or after a time, or the last one at or before it. Events without a time come first. */
export function rowAtTime(
  { columns: { time, count } }: EventIndex,
  wanted: number,
  order: PageRequest['order'],
): number {
  let [low, high] = [0, count];
  const isBefore = (row: number) => {
    const at = time[row] as number;
    return Number.isNaN(at) || (order === 'oldest' ? at < wanted : at <= wanted);
  };
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return order === 'oldest' ? low : low - 1;
}

/** Walks over a selection in an order: 1 goes on in it, -1 goes back. */
class Walker {
  readonly #selection: EventSelection;
  readonly #sign: 1 | -1;
  readonly #signal: AbortSignal;

  constructor(selection: EventSelection, order: PageRequest['order'], signal: AbortSignal) {
    this.#selection = selection;
    this.#sign = order === 'oldest' ? 1 : -1;
    this.#signal = signal;
  }

  step(row: number, direction: 1 | -1): number {
    return row + direction * this.#sign;
  }

  async take(from: number, direction: 1 | -1, most: number): Promise<number[]> {
    const rows: number[] = [];
    if (most <= 0) return rows;
    const isForward = direction * this.#sign === 1;
    const found = isForward
      ? this.#selection.rowsFrom(Math.max(0, from), this.#signal)
      : this.#selection.rowsBack(Math.min(from, this.#selection.mask.length - 1), this.#signal);
    for await (const row of found) if (rows.push(row) === most) break;
    return rows;
  }

  /** The row of a number from 0: all must be decided for it. Past the end: the place behind the last row. */
  async rowAt(ordinal: number): Promise<number> {
    await this.#selection.decideAll(this.#signal);
    const { ranks, count, mask } = this.#selection;
    if (this.#sign === 1) return ranks?.rowAt(ordinal) ?? mask.length;
    return ordinal < count ? (ranks?.rowAt(count - 1 - ordinal) ?? -1) : -1;
  }

  ordinalOf(row: number): number | null {
    const { mask, ranks, count, decidedTo, decidedFrom } = this.#selection;
    if (ranks !== null) return this.#sign === 1 ? ranks.before(row) : count - ranks.before(row + 1);
    if (this.#sign === 1) return row <= decidedTo ? countRows(mask, 0, row) : null;
    return row + 1 >= decidedFrom ? countRows(mask, row + 1) : null;
  }

  /** Whether something is selected on a side of a row, or may be. */
  mayHave(row: number, direction: 1 | -1): boolean {
    const { mask } = this.#selection;
    const step = direction * this.#sign;
    for (let at = row + step; at >= 0 && at < mask.length; at += step)
      if (mask[at] === 1 || !this.#selection.isDecided(at)) return true;
    return false;
  }
}

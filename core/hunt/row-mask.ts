import type { Dictionary, EventIndex } from '../store/event-index.ts';
import type { Narrow } from './narrow.ts';

/** One byte a row of the index: 1 where the row is meant. */
export type RowMask = Uint8Array;

/** The rows within a tree of column conditions. Each condition is asked once for each distinct value, not for each event. */
export function maskOf(narrow: Narrow, index: EventIndex): RowMask {
  if ('any' in narrow) return new Uint8Array(index.columns.count).fill(1);
  if ('not' in narrow) return inverted(maskOf(narrow.not, index));
  if ('and' in narrow) return narrow.and.map((part) => maskOf(part, index)).reduce(both, maskOf({ any: true }, index));
  if ('or' in narrow) return narrow.or.map((part) => maskOf(part, index)).reduce(either, empty(index));
  if ('acceptsFlag' in narrow) return flagMask(narrow.acceptsFlag, index);
  if ('accepts' in narrow)
    return narrow.column === 'auditID'
      ? auditMask(narrow.accepts, narrow.equals, index)
      : dictionaryMask(index.texts(narrow.column), narrow.accepts);
  return rangeMask(narrow.column, narrow.min, narrow.max, index);
}

const empty = (index: EventIndex): RowMask => new Uint8Array(index.columns.count);

/** Keeps in `mask` what is in `other`, too. */
export function both(mask: RowMask, other: RowMask): RowMask {
  for (let row = 0; row < mask.length; row++) mask[row] = (mask[row] as number) & (other[row] as number);
  return mask;
}

function either(mask: RowMask, other: RowMask): RowMask {
  for (let row = 0; row < mask.length; row++) mask[row] = (mask[row] as number) | (other[row] as number);
  return mask;
}

function inverted(mask: RowMask): RowMask {
  for (let row = 0; row < mask.length; row++) mask[row] = (mask[row] as number) ^ 1;
  return mask;
}

/** Rows of the mask. */
export function countRows(mask: RowMask, from = 0, to = mask.length): number {
  let count = 0;
  for (let row = from; row < to; row++) count += mask[row] as number;
  return count;
}

const STRETCH = 4096;

/** Numbers of the rows in a mask that changes no more, without counting all of it for each. */
export class RowRanks {
  readonly #mask: RowMask;
  /** Rows before each stretch, and at last all. */
  readonly #before: Uint32Array;

  constructor(mask: RowMask) {
    this.#mask = mask;
    this.#before = new Uint32Array(Math.ceil(mask.length / STRETCH) + 1);
    for (let at = 1; at < this.#before.length; at++)
      this.#before[at] =
        (this.#before[at - 1] as number) + countRows(mask, (at - 1) * STRETCH, Math.min(at * STRETCH, mask.length));
  }

  /** How many rows are in the mask before one. */
  before(row: number): number {
    const stretch = Math.floor(row / STRETCH);
    return (this.#before[stretch] as number) + countRows(this.#mask, stretch * STRETCH, row);
  }

  /** The row of a number from 0; the length of the mask where it holds no more. */
  rowAt(rank: number): number {
    let [low, high] = [0, this.#before.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#before[middle] as number) <= rank) low = middle;
      else high = middle - 1;
    }
    let left = rank - (this.#before[low] as number);
    for (let row = low * STRETCH; row < this.#mask.length; row++) if (this.#mask[row] === 1 && left-- === 0) return row;
    return this.#mask.length;
  }
}

function dictionaryMask<Value>({ ids, last, read }: Dictionary<Value>, accepts: (value: Value) => boolean): RowMask {
  const mask = new Uint8Array(ids.length);
  /** 0: not asked yet, 1: no, 2: yes. */
  const verdicts = new Uint8Array(last + 1);
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number;
    let verdict = verdicts[id] as number;
    if (verdict === 0) {
      verdict = accepts(read(id)) ? 2 : 1;
      verdicts[id] = verdict;
    }
    mask[row] = verdict >> 1;
  }
  return mask;
}

function rangeMask(column: 'code' | 'time' | 'stageTime' | 'id', min: number, max: number, index: EventIndex): RowMask {
  const { time, elapsed, id } = index.columns;
  switch (column) {
    case 'code':
      return dictionaryMask(index.codes(), (code) => code !== null && code >= min && code <= max);
    case 'time':
      return numberMask(time.length, (row) => time[row] as number, min, max);
    case 'stageTime':
      return numberMask(time.length, (row) => (time[row] as number) + (elapsed[row] as number), min, max);
    case 'id':
      return numberMask(id.length, (row) => id[row] as number, min, max);
  }
}

/** A missing number (NaN) stands in no range. */
function numberMask(count: number, read: (row: number) => number, min: number, max: number): RowMask {
  const mask = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const value = read(row);
    mask[row] = value >= min && value <= max ? 1 : 0;
  }
  return mask;
}

function flagMask(accepts: (flag: string) => boolean, index: EventIndex): RowMask {
  const mask = dictionaryMask(index.readings(), ({ flags }) => flags.some(accepts));
  const conflicts = index.conflicts();
  if (conflicts.size > 0 && accepts('conflict'))
    index.columns.id.forEach((id, row) => {
      if (conflicts.has(id)) mask[row] = 1;
    });
  return mask;
}

/** Ids of requests are no column: they differ from event to event, so the rows of the case are asked. */
function auditMask(accepts: (value: string | null) => boolean, equals: string | undefined, index: EventIndex): RowMask {
  const found = new Set<number>();
  for (const { id, auditID } of index.auditIds(equals)) if (accepts(auditID)) found.add(id);
  return index.columns.id.reduce((mask, id, row) => {
    if (found.has(id)) mask[row] = 1;
    return mask;
  }, empty(index));
}

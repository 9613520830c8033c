import { joinWords, PLANES, type Plane, unpackColumns } from './column-chunk.ts';
import type { Connection } from './connection.ts';
import { collectChunk } from './event-chunks.ts';
import { eventOrder } from './event-order.ts';

/** Columns that hold ids of dictionary rows (0: absent); `block` holds ids of blocks. */
export const ID_COLUMNS = [
  'block',
  'actor',
  'address',
  'agent',
  'operation',
  'namespace',
  'name',
  'answer',
  'reading',
] as const satisfies readonly Plane[];

export type IdColumn = (typeof ID_COLUMNS)[number];
/** As narrow as the dictionary allows. */
export type Ids = Uint8Array | Uint16Array | Uint32Array;

/**
 * All events of a case as typed arrays in the order that holds everywhere (time, stage time, member, offset). A place in them
 * is a **row**; it counts from 0.
 */
export interface CaseColumns extends Readonly<Record<IdColumn, Ids>> {
  readonly count: number;
  /** Event ids by row. */
  readonly id: Uint32Array;
  /** Received time in microseconds since 1970 UTC; NaN (these come first) where the event has none. */
  readonly time: Float64Array;
  /** Microseconds from `time` to the time of the stage. */
  readonly elapsed: Float64Array;
}

/** Reads the columns kept in the case. Where a chunk is damaged its event rows are read instead: `verify` names it. */
export function readColumns(db: Connection): CaseColumns {
  const count = db.prepare('SELECT coalesce(max(id), 0) FROM event').pluck().get() as number;
  const columns = emptyColumns(db, count);
  for (const { id, planes } of columnChunks(db)) fill(columns, planes, Math.max(0, (id << 12) - 1));
  const order = eventOrder(db, columns);
  return order === null ? columns : permuted(columns, order);
}

/** Bytes of unpacked columns that are kept: those of 1.2 million events. */
const MOST_KEPT = 64 * 1024 * 1024;

/** Unpacked columns of cases that are gone over several times. */
const kept = new WeakMap<Connection, { readonly chunks: Map<number, Int32Array>; bytes: number }>();

/** From now on columns stay unpacked as far as there is room, until `forgetChunks`; no event may be added meanwhile. */
export function keepChunks(db: Connection): void {
  kept.set(db, { chunks: new Map(), bytes: 0 });
}

export function forgetChunks(db: Connection): void {
  kept.delete(db);
}

/** The columns as they are kept, chunk by chunk in the order of event ids. */
export function* columnChunks(db: Connection): Generator<{ id: number; planes: Int32Array }> {
  const ids = db.prepare('SELECT id FROM event_chunk ORDER BY id').pluck().all() as number[];
  const find = db.prepare('SELECT columns FROM event_chunk WHERE id = ?').pluck();
  const keep = kept.get(db);
  for (const id of ids) {
    const planes = keep?.chunks.get(id) ?? planesOf(db, id, find.get(id) as Buffer);
    if (keep !== undefined && keep.bytes < MOST_KEPT && !keep.chunks.has(id)) {
      keep.chunks.set(id, planes);
      keep.bytes += planes.byteLength;
    }
    yield { id, planes };
  }
}

function planesOf(db: Connection, chunk: number, stored: Buffer): Int32Array {
  try {
    return unpackColumns(stored);
  } catch {
    return collectChunk(db, chunk).check().planes;
  }
}

const DICTIONARY: Readonly<Record<IdColumn, string>> = {
  block: 'block',
  actor: 'actor',
  address: 'term',
  agent: 'term',
  operation: 'operation',
  namespace: 'term',
  name: 'term',
  answer: 'answer',
  reading: 'reading',
};

function emptyColumns(db: Connection, count: number): CaseColumns {
  const ids = ID_COLUMNS.map((column): [IdColumn, Ids] => {
    const last = db.prepare(`SELECT coalesce(max(id), 0) FROM ${DICTIONARY[column]}`).pluck().get() as number;
    return [column, idsUpTo(last, count)];
  });
  return {
    ...(Object.fromEntries(ids) as Record<IdColumn, Ids>),
    count,
    id: new Uint32Array(count).map((_, at) => at + 1),
    time: new Float64Array(count),
    elapsed: new Float64Array(count),
  };
}

function idsUpTo(last: number, count: number): Ids {
  if (last < 2 ** 8) return new Uint8Array(count);
  return last < 2 ** 16 ? new Uint16Array(count) : new Uint32Array(count);
}

/** Copies one chunk; rows past the end, which only a forged case has, are left out. */
function fill(columns: CaseColumns, planes: Int32Array, from: number): void {
  const rows = planes.length / PLANES.length;
  const taken = Math.min(rows, Math.max(0, columns.count - from));
  const plane = (name: Plane) => {
    const at = PLANES.indexOf(name) * rows;
    return planes.subarray(at, at + taken);
  };
  join(plane('timeLow'), plane('timeHigh'), columns.time, from);
  join(plane('elapsedLow'), plane('elapsedHigh'), columns.elapsed, from);
  for (const column of ID_COLUMNS) columns[column].set(plane(column), from);
}

function join(low: Int32Array, high: Int32Array, to: Float64Array, from: number): void {
  for (let row = 0; row < low.length; row++) to[from + row] = joinWords(low[row] as number, high[row] as number);
}

function permuted(columns: CaseColumns, order: Uint32Array): CaseColumns {
  const ids = ID_COLUMNS.map((column): [IdColumn, Ids] => [column, taken(columns[column], order)]);
  return {
    ...(Object.fromEntries(ids) as Record<IdColumn, Ids>),
    count: columns.count,
    id: taken(columns.id, order),
    time: taken(columns.time, order),
    elapsed: taken(columns.elapsed, order),
  };
}

function taken<T extends Ids | Float64Array>(column: T, order: Uint32Array): T {
  const result = new (column.constructor as new (length: number) => T)(column.length);
  for (let row = 0; row < order.length; row++) result[row] = column[order[row] as number] as number;
  return result;
}

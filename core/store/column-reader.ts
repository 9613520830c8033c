import { columnChunks } from './case-columns.ts';
import { joinWords, PLANES, type Plane } from './column-chunk.ts';
import type { Connection } from './connection.ts';

/** A run of events by their columns: ids of dictionary rows, 0 for absent. */
export interface ColumnBatch {
  /** Id of the first event; the others follow. */
  readonly firstEvent: number;
  readonly count: number;
  /** Received time in microseconds since 1970 UTC; NaN where there is none. */
  time(row: number): number;
  /** Microseconds from it to the time of the stage. */
  elapsed(row: number): number;
  readonly block: Int32Array;
  readonly actor: Int32Array;
  readonly address: Int32Array;
  readonly agent: Int32Array;
  readonly operation: Int32Array;
  readonly namespace: Int32Array;
  readonly name: Int32Array;
  readonly answer: Int32Array;
  readonly reading: Int32Array;
}

type Row = Readonly<Record<string, number | null | undefined>>;

/** Texts, and rows of each dictionary, that are kept in memory. */
const MOST_REMEMBERED = 50_000;

/** Reads all events of a case by their columns, a batch at a time, and says what the ids stand for. */
export class ColumnReader {
  readonly #db: Connection;
  readonly #nextTexts: Following<[number, string]>;
  readonly #rows;
  readonly #known = new Map<string, Map<number, Row>>();
  readonly #actors = new Map<number, ActorValues>();
  /** Few: ways of reading, not events. */
  readonly #readings = new Map<number, ReadingValues>();
  readonly #addresses = new Map<number, readonly string[] | null>();
  readonly #groups = new Map<number, readonly string[] | null>();
  #texts = new Map<number, string>();
  readonly #identity;

  constructor(db: Connection) {
    this.#db = db;
    this.#nextTexts = new Following(db.prepare('SELECT id, text FROM term WHERE id >= ? ORDER BY id LIMIT ?').raw());
    this.#rows = {
      actor: followingRows(db, 'actor'),
      operation: followingRows(db, 'operation'),
      answer: followingRows(db, 'answer'),
      reading: followingRows(db, 'reading'),
    };
    this.#identity = db
      .prepare(
        `SELECT typeof(audit_id) || hex(audit_id), elapsed, hex(evidence.sha256), block.offset + event.start
         FROM event JOIN block ON block.id = event.block JOIN evidence ON evidence.id = block.evidence WHERE event.id = ?`,
      )
      .raw();
  }

  batches(): Generator<ColumnBatch> {
    return columnBatches(this.#db);
  }

  /** All texts of the case, whatever columns they stand in. */
  terms(): IterableIterator<[id: number, text: string]> {
    return this.#db.prepare('SELECT id, text FROM term ORDER BY id').raw().iterate() as IterableIterator<
      [number, string]
    >;
  }

  /** Ids of all actors. */
  actors(): number[] {
    return this.#db.prepare('SELECT id FROM actor ORDER BY id').pluck().all() as number[];
  }

  text(id: number): string | null {
    if (id === 0) return null;
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    if (this.#texts.size >= MOST_REMEMBERED) this.#texts = new Map();
    for (const [one, text] of this.#nextTexts.from(id)) this.#texts.set(one, text);
    return this.#texts.get(id) as string;
  }

  address(id: number): readonly string[] | null {
    return remembered(this.#addresses, id, () => listOf(this.text(id)));
  }

  actor(id: number): ActorValues {
    return remembered(this.#actors, id, () => {
      const row = this.#row('actor', id);
      return {
        user: this.text(row['user'] ?? 0),
        groups: remembered(this.#groups, row['groups'] ?? 0, (text) => listOf(this.text(text))),
        impersonatedUser: this.text(row['impersonated_user'] ?? 0),
      };
    });
  }

  operation(id: number) {
    const row = this.#row('operation', id);
    return {
      verb: this.text(row['verb'] ?? 0),
      apiGroup: this.text(row['api_group'] ?? 0),
      resource: this.text(row['resource'] ?? 0),
      subresource: this.text(row['subresource'] ?? 0),
    };
  }

  answer(id: number) {
    const row = this.#row('answer', id);
    return {
      stage: this.text(row['stage'] ?? 0),
      level: this.text(row['level'] ?? 0),
      code: row['code'] ?? null,
      decision: this.text(row['decision'] ?? 0),
    };
  }

  /** Id of the text that names the cluster of a reading, 0 for none. */
  clusterOf(reading: number): number {
    return this.#row('reading', reading)['cluster'] ?? 0;
  }

  /** How records were read: as which format, changed or not, and bits of `FLAGS`. */
  reading(id: number): ReadingValues {
    const known = this.#readings.get(id);
    if (known !== undefined) return known;
    const row = this.#row('reading', id);
    const reading = { form: String(row['form']), format: this.text(row['format'] ?? 0), flags: row['flags'] ?? 0 };
    this.#readings.set(id, reading);
    return reading;
  }

  /** What tells events of one time apart, whatever their ids: audit id, stage time, member, offset. */
  identityOf(event: number): string {
    const [auditId, elapsed, sha256, offset] = this.#identity.get(event) as [string, number, string, number];
    return `${auditId} ${String(elapsed).padStart(20, '0')} ${sha256} ${String(offset).padStart(20, '0')}`;
  }

  /** Empty for the id 0, of a column that was left out. */
  #row(table: 'actor' | 'operation' | 'answer' | 'reading', id: number): Row {
    let rows = this.#known.get(table);
    if (rows === undefined || rows.size >= MOST_REMEMBERED) {
      rows = new Map();
      this.#known.set(table, rows);
    }
    const known = rows.get(id);
    if (known !== undefined) return known;
    rows.set(id, {});
    for (const row of this.#rows[table].from(id)) rows.set(row['id'] as number, row);
    return rows.get(id) as Row;
  }
}

/** Rows of a dictionary read ahead: who asks for ids one after the other goes on doing so. */
const AHEAD = 256;

/** Reads rows of a dictionary by id, many at once where ids are asked for in their order. */
class Following<T> {
  readonly #find: { all(from: number, most: number): unknown[] };
  #last = 0;

  constructor(find: { all(from: number, most: number): unknown[] }) {
    this.#find = find;
  }

  /** The row of an id first, where there is one. */
  from(id: number): T[] {
    const isNext = id > this.#last && id <= this.#last + AHEAD * 2;
    this.#last = isNext ? id + AHEAD : id;
    return this.#find.all(id, isNext ? AHEAD : 1) as T[];
  }
}

const followingRows = (db: Connection, table: string): Following<Row> =>
  new Following(db.prepare(`SELECT * FROM ${table} WHERE id >= ? ORDER BY id LIMIT ?`));

interface ReadingValues {
  readonly form: string;
  readonly format: string | null;
  readonly flags: number;
}

interface ActorValues {
  readonly user: string | null;
  readonly groups: readonly string[] | null;
  readonly impersonatedUser: string | null;
}

function remembered<T>(known: Map<number, T>, id: number, find: (id: number) => T): T {
  const found = known.get(id);
  if (found !== undefined) return found;
  if (known.size >= MOST_REMEMBERED) known.clear();
  const value = find(id);
  known.set(id, value);
  return value;
}

/** All events of a case by their columns, a batch at a time. */
export function* columnBatches(db: Connection): Generator<ColumnBatch> {
  for (const { id, planes } of columnChunks(db)) yield batchOf(planes, Math.max(1, id << 12));
}

const listOf = (text: string | null): readonly string[] | null => (text === null ? null : JSON.parse(text));

function batchOf(planes: Int32Array, firstEvent: number): ColumnBatch {
  const count = planes.length / PLANES.length;
  const plane = (name: Plane) => {
    const at = PLANES.indexOf(name) * count;
    return planes.subarray(at, at + count);
  };
  const [low, high] = [plane('timeLow'), plane('timeHigh')];
  const [more, above] = [plane('elapsedLow'), plane('elapsedHigh')];
  return {
    firstEvent,
    count,
    time: (row) => joinWords(low[row] as number, high[row] as number),
    elapsed: (row) => joinWords(more[row] as number, above[row] as number),
    block: plane('block'),
    actor: plane('actor'),
    address: plane('address'),
    agent: plane('agent'),
    operation: plane('operation'),
    namespace: plane('namespace'),
    name: plane('name'),
    answer: plane('answer'),
    reading: plane('reading'),
  };
}

import { columnChunks } from './case-columns.ts';
import { joinWords, PLANES, type Plane } from './column-chunk.ts';
import type { Connection } from './connection.ts';
import { DictionaryRows } from './dictionary-rows.ts';
import { TermPages } from './term-pages.ts';

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

/** Values of each kind that are kept as they are asked for. */
const MOST_REMEMBERED = 4_000;

/** Reads all events of a case by their columns, a batch at a time, and says what the ids stand for. */
export class ColumnReader {
  readonly #db: Connection;
  readonly #texts: TermPages;
  readonly #rows;
  readonly #actors = new Map<number, ActorValues>();
  /** Few: ways of reading, not events. */
  readonly #readings = new Map<number, ReadingValues>();
  readonly #reading;
  readonly #addresses = new Map<number, readonly string[] | null>();
  readonly #groups = new Map<number, readonly string[] | null>();
  readonly #identity;

  constructor(db: Connection) {
    this.#db = db;
    this.#texts = new TermPages(db);
    this.#rows = {
      actor: new DictionaryRows(db, 'actor', ['user', 'groups', 'impersonated_user']),
      operation: new DictionaryRows(db, 'operation', ['verb', 'api_group', 'resource', 'subresource']),
      answer: new DictionaryRows(db, 'answer', ['stage', 'level', 'code', 'decision']),
    };
    this.#reading = db.prepare('SELECT form, format, flags, cluster FROM reading WHERE id = ?');
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
    return this.#texts.text(id);
  }

  address(id: number): readonly string[] | null {
    return remembered(this.#addresses, id, () => listOf(this.text(id)));
  }

  actor(id: number): ActorValues {
    return remembered(this.#actors, id, () => {
      const { actor } = this.#rows;
      return {
        user: this.text(actor.at(id, 0)),
        groups: remembered(this.#groups, actor.at(id, 1), (text) => listOf(this.text(text))),
        impersonatedUser: this.text(actor.at(id, 2)),
      };
    });
  }

  operation(id: number) {
    const { operation } = this.#rows;
    return {
      verb: this.text(operation.at(id, 0)),
      apiGroup: this.text(operation.at(id, 1)),
      resource: this.text(operation.at(id, 2)),
      subresource: this.text(operation.at(id, 3)),
    };
  }

  answer(id: number) {
    const { answer } = this.#rows;
    return {
      stage: this.text(answer.at(id, 0)),
      level: this.text(answer.at(id, 1)),
      code: answer.at(id, 2) || null,
      decision: this.text(answer.at(id, 3)),
    };
  }

  /** Id of the text that names the cluster of a reading, 0 for none. */
  clusterOf(reading: number): number {
    return this.reading(reading).cluster;
  }

  /** How records were read: as which format, changed or not, and bits of `FLAGS`. */
  reading(id: number): ReadingValues {
    const known = this.#readings.get(id);
    if (known !== undefined) return known;
    const row = this.#reading.get(id) as { form: string; format: number | null; flags: number; cluster: number | null };
    const { form, format, flags, cluster } = row;
    const reading = { form, format: this.text(format ?? 0), flags, cluster: cluster ?? 0 };
    this.#readings.set(id, reading);
    return reading;
  }

  /** What tells events of one time apart, whatever their ids: audit id, stage time, member, offset. */
  identityOf(event: number): string {
    const [auditId, elapsed, sha256, offset] = this.#identity.get(event) as [string, number, string, number];
    return `${auditId} ${String(elapsed).padStart(20, '0')} ${sha256} ${String(offset).padStart(20, '0')}`;
  }
}

interface ReadingValues {
  readonly form: string;
  readonly format: string | null;
  readonly flags: number;
  /** Id of a text, 0 for none. */
  readonly cluster: number;
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

import {
  ACTOR_FIELDS,
  type AddedEntries,
  ANSWER_FIELDS,
  FORMS,
  OPERATION_FIELDS,
  READING_FIELDS,
} from '../event/columns.ts';
import type { Connection } from './connection.ts';
import { SeenKeys } from './seen-keys.ts';
import { TextKey } from './text-key.ts';

/** Texts of which a hash is remembered (32 bytes each at worst); past that the case is asked. */
const MAX_REMEMBERED = 2_000_000;

/** Texts of the case by id. A hash finds candidates, the case says whether one is the text: mostly a text is new, or asked for once. */
class TermTable {
  readonly #find;
  readonly #read;
  readonly #add;
  readonly #ids = new SeenKeys();
  readonly #key = new TextKey();
  #next: number;
  /** Whether every text of the case is remembered, so that a miss means new. */
  #isWhole: boolean;

  constructor(db: Connection) {
    this.#find = db.prepare('SELECT id FROM term WHERE text = ?').pluck();
    this.#read = db.prepare('SELECT text FROM term WHERE id = ?').pluck();
    this.#add = db.prepare('INSERT INTO term (id, text) VALUES (?, ?)');
    this.#next = (db.prepare('SELECT coalesce(max(id), 0) + 1 FROM term').pluck().get() as number) ?? 1;
    this.#isWhole = this.#next === 1;
  }

  idOf(wanted: string): number {
    const text = wanted.toWellFormed();
    this.#key.set(text);
    const { low, high } = this.#key;
    const near = this.#ids.find(low, high).find((id) => this.#read.get(id) === text);
    if (near !== undefined) return near;
    const known = this.#isWhole ? undefined : (this.#find.get(text) as number | undefined);
    if (known === undefined) this.#add.run(this.#next, text);
    const id = known ?? this.#next++;
    if (this.#ids.count < MAX_REMEMBERED) this.#ids.add(low, high, id);
    else this.#isWhole = false;
    return id;
  }

  release(): void {
    this.#ids.release();
    this.#isWhole = false;
  }
}

/** Tuples of the case by id; there are few. */
class TupleTable {
  readonly #ids = new Map<string, number>();
  readonly #add;

  constructor(db: Connection, table: string, columns: readonly string[]) {
    const names = columns.join(', ');
    this.#add = db.prepare(`INSERT INTO ${table} (id, ${names}) VALUES (?${', ?'.repeat(columns.length)})`);
    const rows = db.prepare(`SELECT id, ${names} FROM ${table}`).raw().all() as [number, ...unknown[]][];
    for (const [id, ...values] of rows) this.#ids.set(values.join(), id);
  }

  idOf(values: readonly (number | string | null)[]): number {
    const key = values.join();
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#ids.size + 1;
    this.#add.run(id, ...values);
    this.#ids.set(key, id);
    return id;
  }

  release(): void {
    this.#ids.clear();
  }
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A worker's ids to the case's; 0 stays 0. */
class IdMap {
  #ids = new Int32Array(1024);
  #count = 0;

  push(id: number): void {
    if (++this.#count >= this.#ids.length) {
      const larger = new Int32Array(this.#ids.length * 2);
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids[this.#count] = id;
  }

  at(local: number): number {
    return this.#ids[local] as number;
  }

  /** Maps a column in place. */
  apply(column: Int32Array): void {
    const ids = this.#ids;
    for (let i = 0; i < column.length; i++) column[i] = ids[column[i] as number] as number;
  }
}

/** What one worker's ids stand for. */
export class WorkerIds {
  readonly terms = new IdMap();
  readonly actors = new IdMap();
  readonly operations = new IdMap();
  readonly answers = new IdMap();
  /** Readings wait for the evidence that they are met in: it may name server and cluster. */
  readonly rawReadings: number[][] = [[]];
  readings = new Map<number, number>();
}

/** The dictionaries of a case, and how the ids of workers map to them. */
export class CaseDictionaries {
  readonly #terms: TermTable;
  readonly #actors: TupleTable;
  readonly #operations: TupleTable;
  readonly #answers: TupleTable;
  readonly #readings: TupleTable;

  constructor(db: Connection) {
    this.#terms = new TermTable(db);
    this.#actors = new TupleTable(db, 'actor', ACTOR_FIELDS.map(snake));
    this.#operations = new TupleTable(db, 'operation', OPERATION_FIELDS.map(snake));
    this.#answers = new TupleTable(db, 'answer', ANSWER_FIELDS.map(snake));
    this.#readings = new TupleTable(db, 'reading', READING_FIELDS.map(snake));
  }

  termOf(text: string): number {
    return this.#terms.idOf(text);
  }

  /** Takes in what a worker has met for the first time. */
  learn(worker: WorkerIds, added: AddedEntries): void {
    for (const text of added.terms) worker.terms.push(this.#terms.idOf(text));
    const term = (id: number) => worker.terms.at(id) || null;
    forEachTuple(added.actors, ACTOR_FIELDS.length, (tuple) => worker.actors.push(this.#actors.idOf(tuple.map(term))));
    forEachTuple(added.operations, OPERATION_FIELDS.length, (tuple) =>
      worker.operations.push(this.#operations.idOf(tuple.map(term))),
    );
    forEachTuple(added.answers, ANSWER_FIELDS.length, ([stage, level, code, decision]) =>
      worker.answers.push(
        this.#answers.idOf([term(stage as number), term(level as number), code || null, term(decision as number)]),
      ),
    );
    forEachTuple(added.readings, READING_FIELDS.length, (tuple) => worker.rawReadings.push(tuple));
  }

  /** Lets go of what is remembered: nothing is learnt any more. */
  release(): void {
    for (const table of [this.#terms, this.#actors, this.#operations, this.#answers, this.#readings]) table.release();
  }

  /** The case's id of a reading, with server and cluster of the evidence where the wrapper named none. */
  readingOf(
    worker: WorkerIds,
    local: number,
    defaults: { readonly server: string | null; readonly cluster: string | null },
  ): number {
    const known = worker.readings.get(local);
    if (known !== undefined) return known;
    const [form, inner, format, flags, server, cluster] = worker.rawReadings[local] as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const term = (id: number) => worker.terms.at(id) || null;
    const named = (id: number, text: string | null) => term(id) ?? (text === null ? null : this.#terms.idOf(text));
    const id = this.#readings.idOf([
      FORMS[form] as string,
      term(inner),
      term(format),
      flags,
      named(server, defaults.server),
      named(cluster, defaults.cluster),
    ]);
    worker.readings.set(local, id);
    return id;
  }
}

function forEachTuple(values: Int32Array, width: number, take: (tuple: number[]) => void): void {
  for (let at = 0; at < values.length; at += width) take([...values.subarray(at, at + width)]);
}

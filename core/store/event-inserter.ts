import type { EventColumns } from '../event/columns.ts';
import type { Connection } from './connection.ts';
import { ChunkHasher, chunkOf, rehashChunks } from './event-chunks.ts';

/** From here on the index over times is sorted in a file. */
const MANY_EVENTS = 1_000_000;

const BATCH = 128;
const COLUMNS = 15;
const INSERT =
  'INSERT INTO event (id, block, start, length, time, elapsed, actor, address, agent, operation, namespace, name, answer, reading, audit_id) VALUES ';
const PLACES = `(${Array(COLUMNS).fill('?').join(', ')})`;

/** Inserts event rows, many at a time, and hashes them on the way. Their ids are dense and ascend. */
export class EventInserter {
  readonly #db: Connection;
  readonly #insertMany;
  readonly #insertOne;
  readonly #saveChunk;
  readonly #textOf;
  readonly #chunk = new ChunkHasher();
  /** Chunks of which a row was there before, or has changed since: hashed anew at the end. */
  readonly #dirtyChunks = new Set<number>();
  readonly #pending: (number | null | Uint8Array | string)[] = Array(BATCH * COLUMNS).fill(null);
  #pendingCount = 0;
  readonly #numbers: (number | null)[] = Array(COLUMNS - 1).fill(null);
  #hasTimeIndex = true;
  #next: number;
  /** Whether the case held no event before. */
  readonly isFresh: boolean;

  constructor(db: Connection) {
    this.#db = db;
    this.#next = db.prepare('SELECT coalesce(max(id), 0) + 1 FROM event').pluck().get() as number;
    this.isFresh = this.#next === 1;
    if (this.isFresh) this.#dropTimeIndex();
    else this.#dirtyChunks.add(chunkOf(this.#next));
    this.#insertMany = db.prepare(INSERT + Array(BATCH).fill(PLACES).join(', '));
    this.#insertOne = db.prepare(INSERT + PLACES);
    this.#saveChunk = db.prepare('INSERT INTO event_chunk (id, sha256, columns) VALUES (?, ?, ?)');
    this.#textOf = db.prepare('SELECT text FROM term WHERE id = ?').pluck();
  }

  /** The id that the next event gets. */
  get next(): number {
    return this.#next;
  }

  /** The audit id of a row: 16 bytes, or text where it is no lower-case UUID. */
  auditIdOf(columns: EventColumns, row: number): Uint8Array | string {
    const text = columns.auditText[row] as number;
    if (text === 0) return columns.auditId.subarray(row * 16, row * 16 + 16);
    return this.#textOf.get(text) as string;
  }

  /** @returns the event's id */
  append(columns: EventColumns, row: number, block: number): number {
    const event = this.#next++;
    const time = columns.time[row] as number;
    const auditId = this.auditIdOf(columns, row);
    const numbers = this.#numbers;
    numbers[0] = event;
    numbers[1] = block;
    numbers[2] = columns.start[row] as number;
    numbers[3] = columns.length[row] as number;
    numbers[4] = Number.isNaN(time) ? null : time;
    numbers[5] = columns.elapsed[row] as number;
    numbers[6] = columns.actor[row] as number;
    numbers[7] = columns.address[row] || null;
    numbers[8] = columns.agent[row] || null;
    numbers[9] = columns.operation[row] as number;
    numbers[10] = columns.namespace[row] || null;
    numbers[11] = columns.name[row] || null;
    numbers[12] = columns.answer[row] as number;
    numbers[13] = columns.reading[row] as number;
    for (let i = 0; i < COLUMNS - 1; i++) this.#pending[this.#pendingCount++] = numbers[i] as number | null;
    this.#pending[this.#pendingCount++] = auditId;
    if (this.#pendingCount === BATCH * COLUMNS) this.flush();
    this.#addToChunk(event, numbers, auditId);
    return event;
  }

  /** Writes what waits, for whoever reads rows. */
  flush(): void {
    if (this.#pendingCount === BATCH * COLUMNS) this.#insertMany.run(this.#pending);
    else
      for (let at = 0; at < this.#pendingCount; at += COLUMNS)
        this.#insertOne.run(this.#pending.slice(at, at + COLUMNS));
    this.#pendingCount = 0;
  }

  /** A row that stands already was given other values. */
  changed(event: number): void {
    this.#dirtyChunks.add(chunkOf(event));
  }

  /** A fresh case gets its index after its rows, which costs less than keeping it up. */
  makeTimeIndex(): void {
    if (this.#hasTimeIndex) return;
    // In memory, sorting takes some dozens of bytes for each event; SQLite puts the file where the system has its temporary ones.
    if (this.#next > MANY_EVENTS) this.#db.pragma('temp_store = FILE');
    this.#db.exec('CREATE INDEX event_time ON event (time)');
    this.#db.pragma('temp_store = MEMORY');
    this.#hasTimeIndex = true;
  }

  /** Completes rows, hashes and index. */
  finish(): void {
    this.flush();
    const last = this.#next - 1;
    if (this.#chunk.rows > 0 && !this.#dirtyChunks.has(chunkOf(last))) this.#endChunk(last);
    rehashChunks(this.#db, this.#dirtyChunks);
    this.makeTimeIndex();
  }

  #dropTimeIndex(): void {
    this.#db.exec('DROP INDEX event_time');
    this.#hasTimeIndex = false;
  }

  #addToChunk(event: number, numbers: readonly (number | null)[], auditId: Uint8Array | string): void {
    const chunk = chunkOf(event);
    if (this.#dirtyChunks.has(chunk)) return;
    if (this.#chunk.rows > 0 && chunkOf(event - 1) !== chunk) this.#endChunk(event - 1);
    this.#chunk.add(numbers, auditId);
  }

  #endChunk(lastEvent: number): void {
    const { sha256, columns } = this.#chunk.take();
    this.#saveChunk.run(chunkOf(lastEvent), sha256, columns);
  }
}

import { EventKey } from '../event/event-key.ts';
import type { Connection } from './connection.ts';
import { SeenKeys } from './seen-keys.ts';

/** Keys held in memory (32 bytes each at worst); beyond, the index on the received time answers. */
const MAX_KEYS = 6_000_000;

/** Finds the events of the case that a record may repeat. What it finds are candidates: the content decides. */
export class DuplicateFinder {
  readonly #db: Connection;
  readonly #key = new EventKey();
  readonly #keys = new SeenKeys();
  readonly #maxKeys: number;
  /** Times of events whose keys are not in memory any more. */
  #spilledFrom = Number.POSITIVE_INFINITY;
  #spilledTo = Number.NEGATIVE_INFINITY;
  #spilledTimeless = false;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #timeless = false;

  constructor(db: Connection, maxKeys = MAX_KEYS) {
    this.#db = db;
    this.#maxKeys = maxKeys;
    this.#loadKnown();
  }

  /** Whether `candidates` asks the case, so that all rows must have been written before. */
  needsCase(time: number): boolean {
    return Number.isNaN(time) ? this.#spilledTimeless : time >= this.#spilledFrom && time <= this.#spilledTo;
  }

  /** `id`: the 16 bytes from `at`, or the whole of a text's bytes. The key stays set for `remember`. */
  candidates(
    id: Uint8Array,
    at: number,
    end: number,
    time: number,
    elapsed: number,
    stored: () => Uint8Array | string,
  ): readonly number[] {
    this.#key.set(id, at, end, time, elapsed);
    const near = this.#keys.find(this.#key.low, this.#key.high);
    return this.needsCase(time) ? [...near, ...this.#askCase(time, stored())] : near;
  }

  /** Remembers the event whose key `candidates` has set last. `makeIndex` is called before keys leave memory. */
  remember(eventId: number, time: number, makeIndex: () => void): void {
    if (this.#keys.count >= this.#maxKeys) {
      makeIndex();
      this.#spill();
    }
    this.#keys.add(this.#key.low, this.#key.high, eventId);
    this.#widen(time);
  }

  /** Lets go of the keys: nothing is looked for any more. */
  release(): void {
    this.#keys.release();
  }

  #askCase(time: number, id: Uint8Array | string): number[] {
    const isTimeless = Number.isNaN(time);
    const query = `SELECT id FROM event WHERE time ${isTimeless ? 'IS NULL' : '= ?'} AND audit_id = ?`;
    return this.#db
      .prepare(query)
      .pluck()
      .all(...(isTimeless ? [id] : [time, id])) as number[];
  }

  #widen(time: number): void {
    if (Number.isNaN(time)) this.#timeless = true;
    else {
      if (time < this.#from) this.#from = time;
      if (time > this.#to) this.#to = time;
    }
  }

  #spill(): void {
    this.#spilledFrom = Math.min(this.#spilledFrom, this.#from);
    this.#spilledTo = Math.max(this.#spilledTo, this.#to);
    this.#spilledTimeless ||= this.#timeless;
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = Number.NEGATIVE_INFINITY;
    this.#timeless = false;
    this.#keys.clear();
  }

  #loadKnown(): void {
    const rows = this.#db
      .prepare('SELECT id, audit_id, time, elapsed FROM event ORDER BY id')
      .raw()
      .iterate() as IterableIterator<[number, Buffer | string, number | null, number]>;
    for (const [id, auditId, time, elapsed] of rows) {
      const bytes = typeof auditId === 'string' ? Buffer.from(auditId) : auditId;
      this.#key.set(bytes, 0, bytes.length, time ?? Number.NaN, elapsed);
      this.remember(id, time ?? Number.NaN, () => {});
    }
  }
}

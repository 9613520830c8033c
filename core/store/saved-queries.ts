import type { SavedQuery } from '../contract/hunt-calls.ts';
import type { Connection } from './connection.ts';

const COLUMNS = 'id, name, kind, text, examiner, time';

/** Queries that people keep by name. Changes belong into a transaction with their action. */
export class SavedQueries {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** By name. */
  list(): SavedQuery[] {
    return this.#db
      .prepare(`SELECT ${COLUMNS} FROM saved_query WHERE removed IS NULL ORDER BY name, id`)
      .all() as SavedQuery[];
  }

  get(id: number): SavedQuery | undefined {
    return this.#db.prepare(`SELECT ${COLUMNS} FROM saved_query WHERE id = ? AND removed IS NULL`).get(id) as
      | SavedQuery
      | undefined;
  }

  add({ name, kind, text, examiner, time }: Omit<SavedQuery, 'id'>): SavedQuery {
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO saved_query (name, kind, text, examiner, time) VALUES (?, ?, ?, ?, ?)')
      .run(name, kind, text, examiner, time);
    return { id: Number(lastInsertRowid), name, kind, text, examiner, time };
  }

  /** Leaves a tombstone; null takes it away again. */
  setRemoved(id: number, time: number | null): void {
    this.#db.prepare('UPDATE saved_query SET removed = ? WHERE id = ?').run(time, id);
  }
}

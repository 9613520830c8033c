import type { Connection } from './connection.ts';

/** Who changed something, when (microseconds since 1970 UTC) and why. */
export interface Change {
  readonly examiner: string;
  readonly time: number;
  readonly note: string;
}

/** A value that somebody added to a list of the case. */
export interface ListEntry extends Change {
  readonly list: string;
  readonly value: string;
}

/** What people have set for this case: their own values of lists. Changes belong into a transaction with their action. */
export class Settings {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** By list, then value. */
  listEntries(): ListEntry[] {
    return this.#db
      .prepare('SELECT list, value, note, examiner, time FROM list_entry ORDER BY list, value')
      .all() as ListEntry[];
  }

  /** Lists whose shipped values do not count. */
  replacedLists(): string[] {
    return this.#db.prepare('SELECT list FROM list_replaced ORDER BY list').pluck().all() as string[];
  }

  /** Whether the value was not there yet. */
  addEntry(list: string, value: string, { note, examiner, time }: Change): boolean {
    const add = this.#db.prepare(
      'INSERT INTO list_entry (list, value, note, examiner, time) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    return add.run(list, value, note, examiner, time).changes > 0;
  }

  /** Whether the value was there. */
  removeEntry(list: string, value: string): boolean {
    return this.#db.prepare('DELETE FROM list_entry WHERE list = ? AND value = ?').run(list, value).changes > 0;
  }

  /** Whether that changes anything. */
  setReplaced(list: string, isReplaced: boolean, { note, examiner, time }: Change): boolean {
    if (!isReplaced) return this.#db.prepare('DELETE FROM list_replaced WHERE list = ?').run(list).changes > 0;
    const add = this.#db.prepare(
      'INSERT INTO list_replaced (list, note, examiner, time) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    return add.run(list, note, examiner, time).changes > 0;
  }
}

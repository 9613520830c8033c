import type { Level } from '../contract/rows.ts';
import type { Connection } from './connection.ts';
import type { Change } from './settings.ts';

/** A list of indicators on its way into a case. */
export interface IndicatorListDraft extends Change {
  readonly name: string;
  readonly origin: string;
  /** Day of the list, `2026-03-04`, or null. */
  readonly date: string | null;
  readonly level: Level;
  readonly format: string;
  /** Name of the file, without its folder. */
  readonly file: string;
  /** Of the file's bytes. */
  readonly sha256: Buffer;
  /** Entries that were passed over, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

export interface StoredIndicatorList extends IndicatorListDraft {
  readonly id: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface StoredIndicator {
  readonly list: number;
  readonly kind: string;
  readonly value: string;
  readonly note: string;
  readonly until: string | null;
}

type Row = Omit<StoredIndicatorList, 'skipped' | 'counts'> & { readonly skipped: string };

/** Lists of indicators in a case. Changes belong into a transaction with their action. */
export class IndicatorLists {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** By name. */
  all(): StoredIndicatorList[] {
    const rows = this.#db.prepare('SELECT * FROM indicator_list ORDER BY name').all() as Row[];
    const count = this.#db
      .prepare('SELECT kind, count(*) FROM indicator WHERE list = ? GROUP BY kind ORDER BY kind')
      .raw();
    return rows.map((row) => ({
      ...row,
      skipped: JSON.parse(row.skipped) as Record<string, number>,
      counts: Object.fromEntries(count.all(row.id) as [string, number][]),
    }));
  }

  /** By list, kind and value. */
  indicators(): IterableIterator<StoredIndicator> {
    return this.#db
      .prepare('SELECT * FROM indicator ORDER BY list, kind, value')
      .iterate() as IterableIterator<StoredIndicator>;
  }

  /** Whether some list holds indicators of one of the kinds. */
  hasKind(...kinds: readonly string[]): boolean {
    const find = this.#db.prepare('SELECT 1 FROM indicator WHERE kind = ? LIMIT 1');
    return kinds.some((kind) => find.get(kind) !== undefined);
  }

  /** @returns the id of the list */
  add(list: IndicatorListDraft, indicators: Iterable<Omit<StoredIndicator, 'list'>>): number {
    const id = this.#db.prepare('SELECT coalesce(max(id), 0) + 1 FROM indicator_list').pluck().get() as number;
    this.#db
      .prepare(
        `INSERT INTO indicator_list (id, name, origin, date, level, format, file, sha256, skipped, note, examiner, time)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        list.name,
        list.origin,
        list.date,
        list.level,
        list.format,
        list.file,
        list.sha256,
        JSON.stringify(list.skipped),
        list.note,
        list.examiner,
        list.time,
      );
    const add = this.#db.prepare('INSERT INTO indicator (list, kind, value, note, until) VALUES (?, ?, ?, ?, ?)');
    for (const { kind, value, note, until } of indicators) add.run(id, kind, value, note, until);
    return id;
  }

  remove(id: number): void {
    this.#db.prepare('DELETE FROM indicator WHERE list = ?').run(id);
    this.#db.prepare('DELETE FROM indicator_list WHERE id = ?').run(id);
  }
}

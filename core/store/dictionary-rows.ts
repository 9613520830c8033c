import type { Connection } from './connection.ts';

/** Rows of a dictionary of integers by id, all of them in one array: some bytes a row, whatever a case holds. */
export class DictionaryRows {
  readonly #after;
  readonly #width: number;
  #values = new Int32Array(0);
  /** Largest id that was read. */
  #last = 0;

  /** `table` and `columns` name integers that are never negative. */
  constructor(db: Connection, table: string, columns: readonly string[]) {
    this.#after = db.prepare(`SELECT id, ${columns.join(', ')} FROM ${table} WHERE id > ? ORDER BY id`).raw();
    this.#width = columns.length;
  }

  /** 0 where the row says nothing, or there is none. */
  at(id: number, column: number): number {
    if (id > this.#last) this.#readFurther();
    return this.#values[id * this.#width + column] ?? 0;
  }

  #readFurther(): void {
    for (const [id, ...row] of this.#after.iterate(this.#last) as IterableIterator<[number, ...(number | null)[]]>) {
      this.#reserve(id);
      for (const [column, value] of row.entries()) this.#values[id * this.#width + column] = value ?? 0;
      this.#last = id;
    }
  }

  #reserve(id: number): void {
    const needed = (id + 1) * this.#width;
    if (needed <= this.#values.length) return;
    const larger = new Int32Array(Math.max(needed, this.#values.length * 2, 1024));
    larger.set(this.#values);
    this.#values = larger;
  }
}

import { createHash } from 'node:crypto';
import type { ForeignFacts, ForeignShape } from '../contract/foreign-rows.ts';
import type { Connection } from './connection.ts';
import type { Change } from './settings.ts';

/** A file with alerts of another tool on its way into a case. */
export interface ForeignDraft extends Change {
  readonly name: string;
  readonly tool: 'defender';
  readonly shape: ForeignShape;
  readonly data: Uint8Array;
}

export interface StoredForeignFile extends Omit<ForeignDraft, 'data'> {
  readonly id: number;
  readonly sha256: Buffer;
  readonly bytes: number;
  readonly alerts: number;
}

export interface StoredForeignAlert extends ForeignFacts {
  readonly id: number;
  readonly file: number;
}

/** Alerts of other tools, with the files that they came in, byte for byte. Changes belong into a transaction with their action. */
export class ForeignAlerts {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Files that count, in the order in which they came. */
  files(): StoredForeignFile[] {
    return this.#db
      .prepare(
        `SELECT id, name, tool, shape, sha256, length(data) AS bytes, note, examiner, time,
          (SELECT count(*) FROM foreign_alert WHERE file = foreign_file.id) AS alerts
         FROM foreign_file WHERE removed IS NULL ORDER BY id`,
      )
      .all() as StoredForeignFile[];
  }

  /** By time, then the other tool's id; of an alert that several files tell of, what the last one says. */
  alerts(): StoredForeignAlert[] {
    const rows = this.#db
      .prepare(
        `SELECT id, file, alert FROM foreign_alert
         WHERE file IN (SELECT id FROM foreign_file WHERE removed IS NULL) ORDER BY file, id`,
      )
      .all() as { id: number; file: number; alert: string }[];
    const last = new Map<string, StoredForeignAlert>();
    for (const { id, file, alert } of rows) {
      const facts = JSON.parse(alert) as ForeignFacts;
      last.set(facts.key, { id, file, ...facts });
    }
    return [...last.values()].sort((a, b) => compare(a.firstTime, b.firstTime) || compare(a.key, b.key));
  }

  /** @returns the id of the file */
  add({ name, tool, shape, data, note, examiner, time }: ForeignDraft, alerts: readonly ForeignFacts[]): number {
    const id = this.#db.prepare('SELECT coalesce(max(id), 0) + 1 FROM foreign_file').pluck().get() as number;
    const sha256 = createHash('sha256').update(data).digest();
    this.#db
      .prepare(
        `INSERT INTO foreign_file (id, name, tool, shape, sha256, data, note, examiner, time)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(id, name, tool, shape, sha256, data, note, examiner, time);
    const insert = this.#db.prepare('INSERT INTO foreign_alert (file, alert) VALUES (?, ?)');
    for (const alert of alerts) insert.run(id, JSON.stringify(alert));
    return id;
  }

  /** Leaves the file in the case, and its alerts out of sight. */
  setRemoved(id: number, time: number): void {
    this.#db.prepare('UPDATE foreign_file SET removed = ? WHERE id = ?').run(time, id);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

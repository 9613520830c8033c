import type { EntityKind } from '../contract/scope.ts';
import type { Connection } from './connection.ts';

/** What hides alerts: a rule, an entity and a condition, each of which may be left out, but not all. */
export interface StoredSuppression {
  readonly id: number;
  readonly rule: string | null;
  readonly entity: { readonly kind: EntityKind; readonly name: string } | null;
  /** In the query language, over every proving event; empty: none. */
  readonly condition: string;
  readonly reason: string;
  readonly examiner: string;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
  /** What happened later is not hidden; null: no end. */
  readonly expires: number | null;
}

interface Row {
  readonly id: number;
  readonly rule: string | null;
  readonly entity_kind: EntityKind | null;
  readonly entity: string | null;
  readonly condition: string;
  readonly reason: string;
  readonly examiner: string;
  readonly time: number;
  readonly expires: number | null;
}

/** Suppressions of a case, and the alerts that they hide. Changes belong into a transaction with their action. */
export class Suppressions {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Those in force, oldest first. */
  list(): StoredSuppression[] {
    const rows = this.#db.prepare('SELECT * FROM suppression WHERE removed IS NULL ORDER BY id').all() as Row[];
    return rows.map(({ id, rule, entity_kind, entity, condition, reason, examiner, time, expires }) => ({
      ...{ id, rule, condition, reason, examiner, time, expires },
      entity: entity_kind === null || entity === null ? null : { kind: entity_kind, name: entity },
    }));
  }

  add({ rule, entity, condition, reason, examiner, time, expires }: Omit<StoredSuppression, 'id'>): number {
    const { lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO suppression (rule, entity_kind, entity, condition, reason, examiner, time, expires)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(rule, entity?.kind ?? null, entity?.name ?? null, condition, reason, examiner, time, expires);
    return Number(lastInsertRowid);
  }

  /** Leaves a tombstone. */
  remove(id: number, time: number): void {
    this.#db.prepare('UPDATE suppression SET removed = ? WHERE id = ?').run(time, id);
  }

  /** Alerts that each hides, by its id. */
  counts(): ReadonlyMap<number, number> {
    const rows = this.#db
      .prepare('SELECT suppression, count(*) FROM alert_suppression GROUP BY suppression')
      .raw()
      .all() as [number, number][];
    return new Map(rows);
  }

  /** Ids of the alerts that are hidden. */
  hidden(): ReadonlySet<number> {
    return new Set(this.#db.prepare('SELECT alert FROM alert_suppression').pluck().all() as number[]);
  }

  /** Says anew which alerts are hidden, by which. */
  setHidden(hidden: ReadonlyMap<number, number>): void {
    this.#db.exec('DELETE FROM alert_suppression');
    const add = this.#db.prepare('INSERT INTO alert_suppression (alert, suppression) VALUES (?, ?)');
    for (const [alert, suppression] of [...hidden].sort(([a], [b]) => a - b)) add.run(alert, suppression);
  }
}

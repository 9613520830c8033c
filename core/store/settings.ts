import type { Level } from '../contract/rows.ts';
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

/** A version of a rule that belongs to the case; versions of one path count from 1. */
export interface StoredRule extends Omit<Change, 'note'> {
  readonly path: string;
  readonly version: number;
  readonly text: string;
  readonly tests: string;
  readonly isRemoved: boolean;
  readonly reason: string;
}

/** A rule that is switched off or has another level in this case. */
export interface StoredRuleSetting extends Omit<Change, 'note'> {
  readonly ruleId: string;
  readonly isEnabled: boolean;
  readonly level: Level | null;
  readonly reason: string;
}

/**
 * What people have set for this case: their own values of lists, their own rules, and what they set for a rule. Changes belong
 * into a transaction with their action.
 */
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

  /** The newest version of each rule, removed ones too, by path. */
  ownRules(): StoredRule[] {
    return this.#rules(
      'SELECT * FROM own_rule WHERE version = (SELECT max(version) FROM own_rule AS other WHERE other.path = own_rule.path) ORDER BY path',
    );
  }

  /** All versions of a rule, the newest first. */
  ruleVersions(path: string): StoredRule[] {
    return this.#rules('SELECT * FROM own_rule WHERE path = ? ORDER BY version DESC', path);
  }

  /** Adds a version; earlier ones stay. Its number. */
  addRule(rule: Omit<StoredRule, 'version'>): number {
    const { path, text, tests, isRemoved, reason, examiner, time } = rule;
    const version = (this.ruleVersions(path)[0]?.version ?? 0) + 1;
    this.#db
      .prepare(
        'INSERT INTO own_rule (path, version, text, tests, is_removed, reason, examiner, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(path, version, text, tests, isRemoved ? 1 : 0, reason, examiner, time);
    return version;
  }

  ruleSettings(): StoredRuleSetting[] {
    const rows = this.#db.prepare('SELECT * FROM rule_setting ORDER BY rule_id').all() as (Omit<
      StoredRuleSetting,
      'ruleId' | 'isEnabled'
    > & { rule_id: string; is_enabled: number })[];
    return rows.map(({ rule_id, is_enabled, ...row }) => ({ ...row, ruleId: rule_id, isEnabled: is_enabled === 1 }));
  }

  /** Puts a setting in the place of the one before; one that changes nothing of the rule is taken away. */
  setRule({ ruleId, isEnabled, level, reason, examiner, time }: StoredRuleSetting): void {
    this.#db.prepare('DELETE FROM rule_setting WHERE rule_id = ?').run(ruleId);
    if (isEnabled && level === null) return;
    this.#db
      .prepare(
        'INSERT INTO rule_setting (rule_id, is_enabled, level, reason, examiner, time) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(ruleId, isEnabled ? 1 : 0, level, reason, examiner, time);
  }

  #rules(query: string, ...values: string[]): StoredRule[] {
    const rows = this.#db.prepare(query).all(...values) as (Omit<StoredRule, 'isRemoved'> & { is_removed: number })[];
    return rows.map(({ is_removed, ...row }) => ({ ...row, isRemoved: is_removed === 1 }));
  }
}

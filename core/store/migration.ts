import type { Database } from 'better-sqlite3';

/** One step of the schema. Released steps never change. */
export interface Migration {
  /** Numbered in tens, so that a late fix fits between. */
  readonly version: number;
  readonly name: string;
  up(db: Database): void;
}

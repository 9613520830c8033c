import { randomBytes } from 'node:crypto';
import type { Connection } from './connection.ts';

/** Makes what a case keeps to itself, with the case. */
export function makeSecrets(db: Connection): void {
  db.prepare("INSERT INTO secret (name, value) VALUES ('redaction', ?)").run(randomBytes(32));
}

/** The key from which pseudonyms follow. */
export function readRedactionKey(db: Connection): Uint8Array {
  return db.prepare("SELECT value FROM secret WHERE name = 'redaction'").pluck().get() as Buffer;
}

export interface CaseName {
  readonly kind: 'user' | 'address' | 'namespace' | 'node' | 'name';
  readonly text: string;
}

const COLUMNS = [
  ['user', 'SELECT user FROM actor UNION SELECT impersonated_user FROM actor'],
  ['namespace', 'SELECT DISTINCT namespace FROM event'],
  ['node', 'SELECT server FROM reading UNION SELECT cluster FROM reading'],
  ['name', 'SELECT DISTINCT name FROM event'],
] as const;

const LISTS = [
  ['user', 'SELECT DISTINCT groups FROM actor'],
  ['address', 'SELECT DISTINCT address FROM event'],
] as const;

/** Names in the columns of events, by kind and text. */
export function* readNames(db: Connection): Generator<CaseName> {
  for (const [kind, ids] of COLUMNS) for (const text of textsOf(db, ids)) yield { kind, text };
  for (const [kind, ids] of LISTS) {
    for (const list of textsOf(db, ids))
      for (const text of JSON.parse(list) as unknown[]) if (typeof text === 'string') yield { kind, text };
  }
}

const textsOf = (db: Connection, ids: string): string[] =>
  db.prepare(`SELECT text FROM term WHERE id IN (${ids}) ORDER BY text`).pluck().all() as string[];

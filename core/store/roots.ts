import { createHash } from 'node:crypto';
import type { Connection } from './connection.ts';
import { type HashedTable, hashTable, saveTableHash, type TableHash } from './table-hash.ts';

/**
 * Roots: one hash for all that an import has written, one for all that runs found and people made of it, one for the rules
 * and lists of the case itself, one for what people have marked, one for what other
 * tools say. Each action that changes a part records the part's new root, and the actions are chained, so
 * that one remembered hash stands for the whole case.
 */
export type Part = 'evidence' | 'findings' | 'settings' | 'marks' | 'foreign';

const byId = (name: string, columns = '*'): HashedTable => ({ name, columns, key: 'id' });
const byKey = (name: string, key: string): HashedTable => ({ name, columns: '*', key });

/** Tables of a part in the order in which they are hashed; `block`, `verdict` and `foreign_file` without their data, whose hash is a column. */
export const TABLES: Readonly<Record<Part, readonly HashedTable[]>> = {
  evidence: [
    byId('file'),
    byId('evidence'),
    byId('block', 'id, evidence, offset, length, shape, first_event, sha256'),
    byId('term'),
    byId('actor'),
    byId('operation'),
    byId('answer'),
    byId('reading'),
    byId('event_chunk', 'id, sha256'),
    byId('copy'),
    byKey('moved', 'event'),
    byKey('conflict', 'event, other'),
    byId('rejected'),
  ],
  findings: [
    byKey('run_rule', 'run, position'),
    byKey('coverage', 'rule_id'),
    byId('alert'),
    byKey('alert_event', 'alert, event'),
    byKey('alert_suppression', 'alert'),
    byId('incident'),
    byKey('incident_alert', 'incident, alert'),
    byId('identity_link'),
    byId('verdict', 'id, sha256'),
    byKey('verdict_scope', 'key'),
  ],
  settings: [
    byKey('list_entry', 'list, value'),
    byKey('list_replaced', 'list'),
    byKey('own_rule', 'path, version'),
    byKey('rule_setting', 'rule_id'),
    byId('indicator_list'),
    byKey('indicator', 'list, kind, value'),
    byId('suppression'),
    byKey('secret', 'name'),
  ],
  marks: [byId('mark'), byId('saved_query')],
  foreign: [
    byId('foreign_file', 'id, name, tool, shape, sha256, note, examiner, time, removed'),
    byId('foreign_alert'),
  ],
};

export const PARTS = Object.keys(TABLES) as readonly Part[];

/** Hashes the tables of a part as they are now. */
export const hashPart = (db: Connection, part: Part): TableHash[] => TABLES[part].map((table) => hashTable(db, table));

/** The root over the tables of a part, in hexadecimal. */
export function rootOf(tables: readonly TableHash[]): string {
  const hash = createHash('sha256');
  for (const { name, rows, sha256 } of tables) hash.update(`${name} ${rows} ${sha256.toString('hex')}\n`);
  return hash.digest('hex');
}

/** Keeps the hashes of a part's tables, from which `verify` says where something differs; the new root of the part. */
export function takeRoot(db: Connection, part: Part): string {
  const tables = hashPart(db, part);
  for (const table of tables) saveTableHash(db, table);
  return rootOf(tables);
}

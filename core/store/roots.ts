import { createHash, type Hash } from 'node:crypto';
import type { Connection } from './connection.ts';

/**
 * Roots: one hash for all that an import has written, one for all that runs found and people made of it, one for the rules
 * and lists of the case itself, one for what people have marked. Each action that changes a part records the part's new root, and the actions are chained, so
 * that one remembered hash stands for the whole case.
 */
export type Part = 'evidence' | 'findings' | 'settings' | 'marks';

/** Tables of a part in the order in which they are hashed; `block` without its data, whose hash is a column. */
const TABLES: Readonly<Record<Part, readonly string[]>> = {
  evidence: [
    'SELECT * FROM file ORDER BY id',
    'SELECT * FROM evidence ORDER BY id',
    'SELECT id, evidence, offset, length, shape, first_event, sha256 FROM block ORDER BY id',
    'SELECT * FROM term ORDER BY id',
    'SELECT * FROM actor ORDER BY id',
    'SELECT * FROM operation ORDER BY id',
    'SELECT * FROM answer ORDER BY id',
    'SELECT * FROM reading ORDER BY id',
    'SELECT id, sha256 FROM event_chunk ORDER BY id',
    'SELECT * FROM copy ORDER BY id',
    'SELECT * FROM moved ORDER BY event',
    'SELECT * FROM conflict ORDER BY event, other',
    'SELECT * FROM rejected ORDER BY id',
  ],
  findings: [
    'SELECT * FROM run_rule ORDER BY run, position',
    'SELECT * FROM coverage ORDER BY rule_id',
    'SELECT * FROM alert ORDER BY id',
    'SELECT * FROM alert_event ORDER BY alert, event',
    'SELECT * FROM alert_suppression ORDER BY alert',
    'SELECT * FROM incident ORDER BY id',
    'SELECT * FROM incident_alert ORDER BY incident, alert',
    'SELECT * FROM identity_link ORDER BY id',
  ],
  settings: [
    'SELECT * FROM list_entry ORDER BY list, value',
    'SELECT * FROM list_replaced ORDER BY list',
    'SELECT * FROM own_rule ORDER BY path, version',
    'SELECT * FROM rule_setting ORDER BY rule_id',
    'SELECT * FROM indicator_list ORDER BY id',
    'SELECT * FROM indicator ORDER BY list, kind, value',
    'SELECT * FROM suppression ORDER BY id',
    'SELECT * FROM secret ORDER BY name',
  ],
  marks: ['SELECT * FROM mark ORDER BY id', 'SELECT * FROM saved_query ORDER BY id'],
};

/** The root of a part as the tables are now, in hexadecimal. */
export function rootOf(db: Connection, part: Part): string {
  const hash = createHash('sha256');
  for (const query of TABLES[part]) {
    hash.update(`${query}\n`);
    for (const row of db.prepare(query).raw().iterate() as IterableIterator<unknown[]>) hashRow(hash, row);
  }
  return hash.digest('hex');
}

function hashRow(hash: Hash, row: readonly unknown[]): void {
  hash.update(
    JSON.stringify(row, (_, value) => (isBuffer(value) ? `x${Buffer.from(value.data).toString('hex')}` : value)),
  );
  hash.update('\n');
}

/** What JSON.stringify hands to a replacer for a Buffer. */
const isBuffer = (value: unknown): value is { data: number[] } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value;

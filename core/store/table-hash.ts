import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Connection } from './connection.ts';

/** A table that a root covers: its columns, and those by which its rows are told apart and ordered. */
export interface HashedTable {
  readonly name: string;
  readonly columns: string;
  readonly key: string;
}

/** The hash of a table, and a few bytes of the hash of each group of rows, from which the place of a change is told. */
export interface TableHash {
  readonly name: string;
  readonly rows: number;
  readonly sha256: Buffer;
  readonly places: Buffer;
}

/** Groups of rows that a table is hashed in, at most: so a small table tells the row of a change, a large one its neighbours. */
const MOST_GROUPS = 4096;
/** Bytes of a group's hash that are kept. */
const PLACE_BYTES = 8;

/** Rows in a group, of a table with that many. */
function stepOf(rows: number): number {
  let step = 1;
  while (step * MOST_GROUPS < rows) step *= 2;
  return step;
}

/** Hashes a table as it is now, in groups as for `rows` rows: as many as it has, if nothing is said. */
export function hashTable(db: Connection, table: HashedTable, asRows?: number): TableHash {
  const rows = db.prepare(`SELECT count(*) FROM ${table.name}`).pluck().get() as number;
  const whole = createHash('sha256');
  const places: Buffer[] = [];
  for (const group of groupsOf(db, table, stepOf(asRows ?? rows))) {
    whole.update(group);
    places.push(group.subarray(0, PLACE_BYTES));
  }
  return { name: table.name, rows, sha256: whole.digest(), places: Buffer.concat(places) };
}

function* groupsOf(db: Connection, { name, columns, key }: HashedTable, step: number): Generator<Buffer> {
  const rows = db.prepare(`SELECT ${columns} FROM ${name} ORDER BY ${key}`).raw().iterate() as Iterable<unknown[]>;
  let hash = createHash('sha256');
  let count = 0;
  for (const row of rows) {
    hash.update(`${rowText(row)}\n`);
    if (++count % step > 0) continue;
    yield hash.digest();
    hash = createHash('sha256');
  }
  if (count % step > 0) yield hash.digest();
}

const rowText = (row: readonly unknown[]): string =>
  JSON.stringify(row, (_, value) => (isBuffer(value) ? `x${Buffer.from(value.data).toString('hex')}` : value));

/** What JSON.stringify hands to a replacer for a Buffer. */
const isBuffer = (value: unknown): value is { data: number[] } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value;

export function saveTableHash(db: Connection, { name, rows, sha256, places }: TableHash): void {
  db.prepare('REPLACE INTO table_hash (name, rows, sha256, places) VALUES (?, ?, ?, ?)').run(
    name,
    rows,
    sha256,
    places,
  );
}

/** The hashes that were kept, by the table's name. */
export function readTableHashes(db: Connection): Map<string, TableHash> {
  const rows = db.prepare('SELECT name, rows, sha256, places FROM table_hash ORDER BY name').all() as TableHash[];
  return new Map(rows.map((row) => [row.name, row]));
}

/** Where a table, hashed as it is now, is not what was kept of it, in words; null where it is the same. */
export function tableFault(
  db: Connection,
  table: HashedTable,
  now: TableHash,
  kept: TableHash | undefined,
): string | null {
  if (kept === undefined) return `table ${table.name}: its hash is missing in table_hash`;
  if (isDeepStrictEqual(now, kept)) return null;
  const counts = now.rows === kept.rows ? '' : `, ${now.rows} rows instead of ${kept.rows}`;
  return `table ${table.name}${counts}: ${placeOf(db, table, hashTable(db, table, kept.rows), kept)}`;
}

function placeOf(db: Connection, table: HashedTable, now: TableHash, kept: TableHash): string {
  const step = stepOf(kept.rows);
  const group = firstDifference(now.places, kept.places);
  if (group === null) return 'what table_hash says of it was changed';
  const keys = db
    .prepare(`SELECT ${table.key} FROM ${table.name} ORDER BY ${table.key} LIMIT ? OFFSET ?`)
    .raw()
    .all(step, group * step) as unknown[][];
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined) return `the last rows, from row ${group * step + 1} on, are gone`;
  return `the first difference is at ${keyText(table, first)}${first === last ? '' : ` to ${keyText(table, last)}`}`;
}

/** The first group of which the kept bytes differ, or null. */
function firstDifference(a: Buffer, b: Buffer): number | null {
  for (let at = 0; at < Math.max(a.length, b.length); at += PLACE_BYTES) {
    if (!a.subarray(at, at + PLACE_BYTES).equals(b.subarray(at, at + PLACE_BYTES))) return at / PLACE_BYTES;
  }
  return null;
}

const keyText = ({ key }: HashedTable, values: readonly unknown[]): string =>
  key
    .split(', ')
    .map((name, index) => `${name} ${JSON.stringify(values[index])}`)
    .join(', ');

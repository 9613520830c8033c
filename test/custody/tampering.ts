import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { APPLICATION_ID } from '../../core/store/connection.ts';

/** Whole numbers from 0 up to a bound, the same for a seed. */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** What was done to a case, and what `verify` must say of the place. */
export interface Tampering {
  readonly what: string;
  readonly place: RegExp;
}

type Db = Database.Database;
interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

const pick = <T>(items: readonly T[], random: Random): T => items[random(items.length)] as T;
const quoted = (name: string): string => `"${name}"`;

export const tablesOf = (db: Db): string[] =>
  db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all() as string[];

const columnsOf = (db: Db, table: string): Column[] => db.pragma(`table_info(${quoted(table)})`) as Column[];
const keyOf = (db: Db, table: string): string[] =>
  columnsOf(db, table)
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ name }) => name);

/** What `verify` has to name where something of a table was changed. */
function placeIn(table: string, key: readonly unknown[] = []): RegExp {
  if (table === 'event') return /event rows were changed among the ids|columns of the event|events were imported/;
  if (table === 'event_chunk') return /event rows were changed|columns of the event|hashes of event rows|event_chunk/;
  if (table === 'action') return /the chain breaks: .*action/;
  if (table === 'table_hash') return /table_hash/;
  const row =
    key.length === 0
      ? ''
      : `.*${key.map((value) => JSON.stringify(value).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')}`;
  return new RegExp(`table ${table}\\b${row}|${table === 'block' ? 'block \\d+ \\(' : '(?!)'}`);
}

/** Runs a change again until SQLite takes one that changes something. */
function insist(change: () => Tampering | null): Tampering {
  for (;;) {
    try {
      const done = change();
      if (done !== null) return done;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && /^SQLITE_(CONSTRAINT|MISMATCH)/.test(String(error.code))))
        throw error;
    }
  }
}

interface Row {
  readonly where: string;
  readonly key: readonly unknown[];
}

function someRow(db: Db, table: string, random: Random): Row {
  const count = db
    .prepare(`SELECT count(*) FROM ${quoted(table)}`)
    .pluck()
    .get() as number;
  const key = keyOf(db, table);
  const names = key.map(quoted).join(', ');
  const values = db
    .prepare(`SELECT ${names} FROM ${quoted(table)} ORDER BY ${names} LIMIT 1 OFFSET ?`)
    .raw()
    .get(random(count)) as unknown[];
  return { where: key.map((name) => `${quoted(name)} = ?`).join(' AND '), key: values };
}

/** Another value than the one that is there. */
function otherThan(value: unknown, type: string, random: Random): unknown {
  if (value !== null && random(12) === 0) return null;
  if (typeof value === 'number') return pick([value + 1, value - 1, -value, 0, random(2 ** 31), value * 2], random);
  if (Buffer.isBuffer(value)) return otherBytes(value, random);
  if (typeof value === 'string') return otherText(value, random);
  return type === 'INTEGER' ? random(3) : type === 'BLOB' ? Buffer.from([random(256)]) : pick(['', 'x', '0'], random);
}

function otherBytes(value: Buffer, random: Random): Buffer {
  if (value.length === 0 || random(4) === 0) return Buffer.concat([value, Buffer.from([random(256)])]);
  if (random(4) === 0) return value.subarray(0, -1);
  const changed = Buffer.from(value);
  const at = random(changed.length);
  changed[at] = (changed[at] as number) ^ (1 << random(8));
  return changed;
}

function otherText(value: string, random: Random): string {
  const at = random(value.length + 1);
  const letter = String.fromCharCode(32 + random(95));
  return pick(
    [value + letter, value.slice(0, -1), value.slice(0, at) + letter + value.slice(at + 1), value.toUpperCase(), ''],
    random,
  );
}

/** (a) Any value of any column of any table. */
export function changeValue(db: Db, random: Random): Tampering {
  return insist(() => {
    const table = pick(tablesOf(db), random);
    const { where, key } = someRow(db, table, random);
    const { name, type, pk } = pick(columnsOf(db, table), random);
    const before = db
      .prepare(`SELECT ${quoted(name)} FROM ${quoted(table)} WHERE ${where}`)
      .pluck()
      .get(...key);
    const after = otherThan(before, type, random);
    const digest = contentsOf(db, [table]);
    db.prepare(`UPDATE ${quoted(table)} SET ${quoted(name)} = ? WHERE ${where}`).run(after, ...key);
    if (contentsOf(db, [table]) === digest) return null;
    return { what: `${table}.${name} of ${JSON.stringify(key)}`, place: placeIn(table, pk > 0 ? [] : key) };
  });
}

/** (b) A row taken out, or put in once more under another key. */
export function changeRows(db: Db, random: Random): Tampering {
  return insist(() => {
    const table = pick(tablesOf(db), random);
    const { where, key } = someRow(db, table, random);
    if (random(2) === 0) {
      db.prepare(`DELETE FROM ${quoted(table)} WHERE ${where}`).run(...key);
      return { what: `a row of ${table} gone: ${JSON.stringify(key)}`, place: placeIn(table) };
    }
    const columns = columnsOf(db, table).map(({ name }) => name);
    const row = db.prepare(`SELECT * FROM ${quoted(table)} WHERE ${where}`).get(...key) as Record<string, unknown>;
    const freshly = pick(keyOf(db, table), random);
    row[freshly] = freshKey(db, table, freshly, random);
    const places = columns.map(() => '?').join(', ');
    db.prepare(`INSERT INTO ${quoted(table)} VALUES (${places})`).run(...columns.map((name) => row[name]));
    return { what: `a row of ${table} twice: ${JSON.stringify(key)}`, place: placeIn(table) };
  });
}

function freshKey(db: Db, table: string, column: string, random: Random): unknown {
  const last = db
    .prepare(`SELECT max(${quoted(column)}) FROM ${quoted(table)}`)
    .pluck()
    .get();
  return typeof last === 'string'
    ? otherText(last, random)
    : pick([(last as number) + 1, random(2 ** 31), -1, 0], random);
}

/** (c) An index taken away, put in, made of something else, or filled with something else than the rows. */
export function changeIndex(db: Db, random: Random): Tampering {
  return insist(() => {
    const own = db
      .prepare(
        'SELECT name, tbl_name AS "table", sql FROM sqlite_schema WHERE type = \'index\' AND sql IS NOT NULL ORDER BY name',
      )
      .all() as { name: string; table: string; sql: string }[];
    const { name, table, sql } = pick(own, random);
    const columns = columnsOf(db, table).map((column) => column.name);
    const other = `CREATE INDEX ${name} ON ${table} (${pick(columns, random)}${pick([' DESC', '', ' COLLATE NOCASE'], random)})`;
    if (other === sql) return null;
    switch (random(4)) {
      case 0:
        db.exec(`DROP INDEX ${name}`);
        break;
      case 1: {
        const on = pick(tablesOf(db), random);
        db.exec(`CREATE INDEX extra ON ${quoted(on)} (${quoted(pick(columnsOf(db, on), random).name)})`);
        return { what: `an index on ${on}`, place: /index "extra" is new/ };
      }
      case 2:
        db.exec(`DROP INDEX ${name}; ${other}`);
        break;
      default:
        return fillWith(db, name, sql, other);
    }
    return { what: `index ${name}`, place: new RegExp(`index "${name}"`) };
  });
}

/** Leaves an index that says it is the old one and is ordered like another one. */
function fillWith(db: Db, name: string, sql: string, other: string): Tampering | null {
  const rowsInOrder = (text: string): string => {
    const [, table, order] = / ON (\w+) \(([^)]*)\)/.exec(text) as unknown as [string, string, string];
    return JSON.stringify(
      db
        .prepare(`SELECT rowid, ${order.replace(/ (DESC|COLLATE NOCASE)/, '')} FROM ${table} ORDER BY ${order}, rowid`)
        .raw()
        .all(),
    );
  };
  if (sql.includes('WHERE') || rowsInOrder(sql) === rowsInOrder(other)) return null;
  db.exec(`DROP INDEX ${name}; ${other}`);
  withSchema(db, 'UPDATE sqlite_schema SET sql = ? WHERE name = ?', sql, name);
  return { what: `index ${name} filled with ${other}`, place: new RegExp(`SQLite finds: .*${name}`) };
}

function withSchema(db: Db, statement: string, ...values: string[]): void {
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  db.prepare(statement).run(...values);
  db.pragma('writable_schema = RESET');
}

type SchemaChange = (db: Db, random: Random) => Tampering;
const named = (what: string, place: RegExp): Tampering => ({ what, place });

const SCHEMA_CHANGES: readonly SchemaChange[] = [
  (db) => {
    db.exec('CREATE VIEW extra AS SELECT * FROM event');
    return named('a view', /view "extra" is new/);
  },
  (db, random) => {
    const table = pick(tablesOf(db), random);
    db.exec(`CREATE TRIGGER extra AFTER INSERT ON ${quoted(table)} BEGIN DELETE FROM mark; END`);
    return named('a trigger', /trigger "extra" is new/);
  },
  (db) => {
    db.exec('CREATE TABLE extra (a)');
    return named('a table', /table "extra" is new/);
  },
  (db, random) => {
    const table = pick(tablesOf(db), random);
    db.exec(`ALTER TABLE ${quoted(table)} ADD COLUMN extra TEXT`);
    return named(`a column of ${table}`, new RegExp(`table "${table}" differs`));
  },
  (db, random) => {
    const table = pick(
      tablesOf(db).filter((name) => name !== 'block' && name !== 'evidence'),
      random,
    );
    db.exec(`DROP VIEW event_readable; DROP TABLE ${quoted(table)}`);
    return named(`no table ${table}`, new RegExp(`table "${table}" is missing`));
  },
  (db) => {
    db.exec('DROP VIEW event_readable; CREATE VIEW event_readable AS SELECT 1 AS id');
    return named('another view', /view "event_readable" differs/);
  },
  (db) => {
    db.exec('ANALYZE');
    return named('statistics', /table "sqlite_stat1" is new/);
  },
  (db, random) => {
    const version = pick([0, 1, 9, 11, random(2 ** 31)], random);
    db.pragma(`user_version = ${version}`);
    return named(`user_version ${version}`, new RegExp(`${version}`));
  },
  (db, random) => {
    db.pragma(`application_id = ${APPLICATION_ID ^ (1 << random(31))}`);
    return named('application_id', /application_id/);
  },
  (db, random) => {
    const table = pick(tablesOf(db), random);
    withSchema(
      db,
      "UPDATE sqlite_schema SET sql = replace(replace(sql, ' STRICT', ' '), ' ,', '') WHERE name = ?",
      table,
    );
    return named(`${table} not strict`, new RegExp(`table "${table}" differs`));
  },
  (db, random) => {
    const table = pick(tablesOf(db), random);
    withSchema(db, "UPDATE sqlite_schema SET sql = sql || ' ' WHERE name = ?", table);
    return named(`a blank behind the text of ${table}`, new RegExp(`table "${table}" differs`));
  },
];

/** (d) The schema: views, triggers, tables, texts, versions. */
export const changeSchema = (db: Db, random: Random): Tampering => pick(SCHEMA_CHANGES, random)(db, random);

/** Changes a copy of a case by plain SQLite. */
export function tamper(path: string, random: Random, change: (db: Db, random: Random) => Tampering): Tampering {
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.pragma('synchronous = OFF');
  try {
    return change(db, random);
  } finally {
    db.close();
  }
}

/** (e) One bit of the file. */
export function flip(path: string, whole: Buffer, random: Random): string {
  const at = random(whole.length);
  const changed = Buffer.from(whole);
  changed[at] = (changed[at] as number) ^ (1 << random(8));
  writeFileSync(path, changed);
  return `byte ${at}`;
}

/** A hash over all that SQLite reads in tables, each text as its bytes. */
export function contentsOf(db: Db, tables: readonly string[]): string {
  const hash = createHash('sha256');
  for (const table of tables) {
    const columns = columnsOf(db, table).map(({ name }) => `typeof(${quoted(name)}), CAST(${quoted(name)} AS BLOB)`);
    const order = keyOf(db, table).map(quoted).join(', ');
    const rows = db
      .prepare(`SELECT ${columns.join(', ')} FROM ${quoted(table)} ORDER BY ${order}`)
      .raw()
      .iterate();
    for (const row of rows as Iterable<unknown[]>)
      hash.update(row.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : String(value))).join(' '));
  }
  return hash.digest('hex');
}

/** All that a case says, whatever bytes of its file say nothing; an error's text where it cannot be read. */
export function wholeOf(path: string): string {
  try {
    const db = new Database(path, { readonly: true });
    const schema = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all();
    const versions = [db.pragma('user_version'), db.pragma('application_id'), db.pragma('integrity_check')];
    const whole = JSON.stringify([schema, versions, contentsOf(db, tablesOf(db)), readFileSync(path).length]);
    db.close();
    return whole;
  } catch (error) {
    return String(error);
  }
}

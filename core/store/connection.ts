import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { CaseError } from '../fault.ts';
import { MIGRATIONS, migrate, refuseOddVersion } from './migrate.ts';

/** `DLOG`: marks a SQLite file as a Decklog case. */
export const APPLICATION_ID = 0x444c4f47;

export type Connection = Database.Database;

/** Creates an empty case, or raises `case/exists`. */
export function createCase(path: string): Connection {
  if (existsSync(path)) {
    throw new CaseError('case/exists', `There is a file at ${path} already.`, {
      hint: 'Name another case, or name this one to add to it.',
    });
  }
  const db = connect(path, { readonly: false });
  db.pragma('page_size = 8192');
  db.pragma(`application_id = ${APPLICATION_ID}`);
  migrate(db);
  return db;
}

/**
 * Opens a case that may come from a stranger: nothing is run from it, its kind and schema are checked first. A read-only
 * open changes nothing, except that SQLite rolls a killed import back.
 */
export function openCaseFile(path: string, mode: 'read' | 'write'): Connection {
  refuseForeign(path);
  const db = connect(path, { readonly: mode === 'read' });
  try {
    refuseOddVersion(db, path);
    if (mode === 'write') migrate(db);
    refuseOddSchema(db, path);
    return db;
  } catch (error) {
    db.close();
    throw asFault(error, path);
  }
}

function connect(path: string, options: { readonly: boolean }): Connection {
  try {
    rollBackIfNeeded(path);
    const db = new Database(path, { ...options, fileMustExist: options.readonly, timeout: 2000 });
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('mmap_size = 0');
    db.pragma('foreign_keys = ON');
    db.pragma('secure_delete = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma('cache_size = -32768');
    if (!options.readonly) db.pragma('synchronous = NORMAL');
    return db;
  } catch (error) {
    throw asFault(error, path);
  }
}

/** A journal beside the case means that an import was killed: SQLite takes it back, which needs the right to write. */
function rollBackIfNeeded(path: string): void {
  if (!existsSync(`${path}-journal`) || !existsSync(path)) return;
  const db = new Database(path, { timeout: 2000 });
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
  db.close();
}

function refuseForeign(path: string): void {
  if (!existsSync(path)) {
    throw new CaseError('case/missing', `There is no case at ${path}.`, {
      hint: 'Check the path, or make a case with `decklog investigate <archive>`.',
    });
  }
  const head = Buffer.alloc(72);
  if (!statSync(path).isFile()) throw notACase(path);
  const descriptor = openSync(path, 'r');
  const length = readSync(descriptor, head, 0, head.length, 0);
  closeSync(descriptor);
  if (length < head.length || head.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw notACase(path);
  if (head.readUInt32BE(68) !== APPLICATION_ID) throw notACase(path, ': its application_id is another');
}

const notACase = (path: string, why = '') =>
  new CaseError('case/not-a-case', `${path} is not a Decklog case${why}.`, {
    hint: 'A case is made with `decklog investigate <archive>` or `decklog import <case> <path>`.',
  });

/** The schema must be the one that the migrations make: a stranger's trigger or view must never run. */
function refuseOddSchema(db: Connection, path: string): void {
  const now = schemaOf(db);
  const right = expectedSchema();
  const odd = [...new Set([...right.keys(), ...now.keys()])].filter((name) => now.get(name) !== right.get(name));
  if (odd.length === 0) return;
  const names = odd
    .slice(0, 5)
    .map((name) => `${name} ${!now.has(name) ? 'is missing' : right.has(name) ? 'differs' : 'is new'}`);
  throw new CaseError(
    'case/damaged',
    `The schema of ${path} is not the one that Decklog writes: ${names.join(', ')}.`,
    {
      hint: 'The file was changed by something else. Work from another copy of the case.',
    },
  );
}

/** Everything that SQLite keeps of a schema, by kind and name. */
function schemaOf(db: Connection): Map<string, string> {
  const rows = db
    .prepare('SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema ORDER BY type, name')
    .all() as {
    type: string;
    name: string;
  }[];
  const version = db.pragma('user_version', { simple: true }) as number;
  return new Map([
    ['user_version', String(version)],
    ...rows.map((row): [string, string] => [`${row.type} ${JSON.stringify(row.name)}`, JSON.stringify(row)]),
  ]);
}

let expected: Map<string, string> | undefined;

function expectedSchema(): Map<string, string> {
  if (expected === undefined) {
    const db = new Database(':memory:');
    migrate(db, MIGRATIONS);
    expected = schemaOf(db);
    db.close();
  }
  return expected;
}

/** Takes a write-ahead log into the case; where another connection is open, that one will. */
export function leaveOneFile(db: Connection): void {
  if (db.pragma('journal_mode', { simple: true }) !== 'wal') return;
  try {
    db.pragma('busy_timeout = 0');
    db.pragma('journal_mode = DELETE');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')) throw error;
  }
}

/** Removes a case that this process has just made. */
export function removeCase(path: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

/** SQLite's errors in words that lead on. */
export function asFault(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('SQLITE_')) return error;
  const cause = { cause: error };
  if (code.startsWith('SQLITE_FULL') || code === 'SQLITE_IOERR_WRITE') {
    return new CaseError('case/no-room', `There was no room to write ${path}; it is as it was before.`, {
      ...cause,
      hint: 'Free space on that disk, or make the case elsewhere.',
    });
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new CaseError('case/busy', `${path} is being written by another Decklog.`, {
      ...cause,
      hint: 'Wait until its import has ended, or work on a copy.',
    });
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_PERM')) {
    return new CaseError('case/read-only', `${path} cannot be opened for writing.`, {
      ...cause,
      hint: 'Check the rights on the file and its folder, or open it with --role reader.',
    });
  }
  if (
    code.startsWith('SQLITE_CORRUPT') ||
    code.startsWith('SQLITE_NOTADB') ||
    code.startsWith('SQLITE_IOERR') ||
    code.startsWith('SQLITE_CONSTRAINT')
  ) {
    return new CaseError('case/damaged', `${path} is damaged: ${(error as Error).message}.`, {
      ...cause,
      hint: 'Work from another copy of the case; `decklog verify` says what differs.',
    });
  }
  return error;
}

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import zlib from 'node:zlib';
import type { Check } from '../contract/rows.ts';
import { findBreak, headOf, recordedRoot } from './actions.ts';
import { PLANES, unpackColumns } from './column-chunk.ts';
import type { Connection } from './connection.ts';
import { collectChunk } from './event-chunks.ts';
import { hashPart, PARTS, type Part, rootOf, TABLES } from './roots.ts';
import { type HashedTable, readTableHashes, type TableHash, tableFault } from './table-hash.ts';
import { verdictFaults } from './verdicts.ts';

/** A finished check, or a pause, with how many bytes of blocks have been read so far. */
export type VerifyStep = { readonly check: Check } | { readonly bytes?: number };

/** Recomputes all that a case says of itself, step by step, so that a caller can show progress and stop. */
export function* verifyCase(db: Connection, head: string | undefined): Generator<VerifyStep> {
  yield { check: guarded('database', () => integrity(db)) };
  yield { check: guarded('actions', () => actions(db)) };
  if (head !== undefined) yield { check: guarded('head', () => sameHead(db, head)) };
  const seal = guarded('seal', () => sealed(db));
  if (seal.detail !== '') yield { check: seal };
  yield* blocks(db);
  yield* eventRows(db);
  yield { check: guarded('ledger', () => ledger(db)) };
  yield { check: guarded('hashes', () => hashes(db)) };
  for (const part of PARTS) yield { check: guarded(part, () => root(db, part)) };
}

/** What a check found wrong, or null. */
type Finding = string | null;

function guarded(name: string, run: () => { wrong: Finding; right: string }): Check {
  try {
    const { wrong, right } = run();
    return { name, ok: wrong === null, detail: wrong ?? right };
  } catch (error) {
    return { name, ok: false, detail: `could not be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function integrity(db: Connection): { wrong: Finding; right: string } {
  const lines = db.pragma('integrity_check(5)') as { integrity_check: string }[];
  const text = lines.map((line) => line.integrity_check).join('; ');
  const wrong = text === 'ok' ? lengthFault(db) : `SQLite finds: ${text}`;
  return { wrong, right: 'tables and indexes agree' };
}

/** The file must end where its last page ends; while others write beside us, pages may still stand in their log. */
function lengthFault(db: Connection): Finding {
  if (db.pragma('journal_mode', { simple: true }) === 'wal') return null;
  const pages = db.pragma('page_count', { simple: true }) as number;
  const expected = pages * (db.pragma('page_size', { simple: true }) as number);
  const { size } = statSync(db.name);
  return size === expected ? null : `the file has ${size} bytes, its pages end at byte ${expected}`;
}

function actions(db: Connection): { wrong: Finding; right: string } {
  const broken = findBreak(db);
  const { count } = db.prepare('SELECT count(*) AS count FROM action').get() as { count: number };
  return {
    wrong: broken === null ? null : `the chain breaks: ${broken.why}`,
    right: `${count} actions, chained; head ${headOf(db)}`,
  };
}

function sameHead(db: Connection, head: string): { wrong: Finding; right: string } {
  const hashes = db.prepare('SELECT lower(hex(hash)) FROM action ORDER BY id').pluck().all() as string[];
  const isKnown = hashes.includes(head.toLowerCase());
  const later = hashes.length - 1 - hashes.indexOf(head.toLowerCase());
  return {
    wrong: isKnown ? null : `no action has the hash ${head}: actions were cut off or written anew`,
    right:
      later === 0
        ? 'the remembered head is the head'
        : `the remembered head is part of the chain, ${later} actions came later`,
  };
}

/** Says nothing of a case that nobody has sealed. */
function sealed(db: Connection): { wrong: Finding; right: string } {
  const seal = db.prepare("SELECT min(id) FROM action WHERE name = 'case/seal'").pluck().get() as number | null;
  if (seal === null) return { wrong: null, right: '' };
  const later = db.prepare('SELECT count(*) FROM action WHERE id > ?').pluck().get(seal) as number;
  const right = 'nothing was done after the seal';
  return { wrong: later === 0 ? null : `${later} actions came after the seal`, right };
}

function* blocks(db: Connection): Generator<VerifyStep> {
  const wrong: string[] = [];
  let count = 0;
  let bytes = 0;
  try {
    const ids = db.prepare('SELECT id FROM block ORDER BY id').pluck().all() as number[];
    const find = db.prepare(
      'SELECT block.length, block.offset, block.sha256, block.data, evidence.path FROM block LEFT JOIN evidence ON evidence.id = block.evidence WHERE block.id = ?',
    );
    for (const id of ids) {
      const row = find.get(id) as { length: number; offset: number; sha256: Buffer; data: Buffer; path: string };
      count++;
      bytes += row.length;
      const why = blockFault(row);
      if (why !== null) wrong.push(`block ${id} (${row.path}, offset ${row.offset}, ${row.length} bytes): ${why}`);
      yield { bytes };
    }
  } catch (error) {
    wrong.push(`could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  yield {
    check: {
      name: 'blocks',
      ok: wrong.length === 0,
      detail: wrong.length === 0 ? `${count} blocks of original bytes unchanged` : wrong.slice(0, 5).join('; '),
    },
  };
}

function blockFault(row: { length: number; sha256: Buffer; data: Buffer }): string | null {
  if (!createHash('sha256').update(row.data).digest().equals(row.sha256)) return 'the stored bytes were changed';
  if (row.data.length === 0) return null;
  return zlib.zstdDecompressSync(row.data).length === row.length ? null : 'the unpacked length differs';
}

/** Rows against their hashes, and the columns kept beside them against the rows. */
function* eventRows(db: Connection): Generator<VerifyStep> {
  const changed: number[] = [];
  const differing: string[] = [];
  try {
    const ids = db.prepare('SELECT id FROM event_chunk ORDER BY id').pluck().all() as number[];
    const find = db.prepare('SELECT sha256, columns FROM event_chunk WHERE id = ?');
    for (const id of ids) {
      const stored = find.get(id) as { sha256: Buffer; columns: Buffer };
      const { sha256, planes } = collectChunk(db, id).check();
      const why = columnFault(stored.columns, planes, Math.max(1, id << 12));
      if (!sha256.equals(stored.sha256)) changed.push(id);
      if (why !== null) differing.push(`columns of the event ids ${rangeOf(id)}: ${why}`);
      yield {};
    }
  } catch (error) {
    const detail = `could not be read: ${error instanceof Error ? error.message : String(error)}`;
    return yield { check: { name: 'events', ok: false, detail } };
  }
  yield { check: guarded('events', () => events(db, changed)) };
  yield { check: guarded('columns', () => columns(differing)) };
}

const rangeOf = (chunk: number): string => `${Math.max(1, chunk << 12)} to ${(chunk << 12) + 4095}`;

function columnFault(stored: Buffer, rows: Int32Array, first: number): string | null {
  try {
    const planes = unpackColumns(stored);
    if (Buffer.compare(bytesOf(planes), bytesOf(rows)) === 0) return null;
    return `they are not those of the rows${placeOf(planes, rows, first)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The first event of a chunk, and its column, in which columns and rows differ. Ids are dense. */
function placeOf(columns: Int32Array, rows: Int32Array, first: number): string {
  const count = rows.length / PLANES.length;
  if (columns.length !== rows.length) return `, which are ${count} instead of ${columns.length / PLANES.length}`;
  const at = columns.findIndex((value, index) => value !== rows[index]);
  return `: the first difference is ${PLANES[Math.floor(at / count)]} of event ${first + (at % count)}`;
}

const bytesOf = (planes: Int32Array): Buffer => Buffer.from(planes.buffer, planes.byteOffset, planes.byteLength);

function events(db: Connection, changed: readonly number[]): { wrong: Finding; right: string } {
  const { count, last } = db.prepare('SELECT count(*) AS count, coalesce(max(id), 0) AS last FROM event').get() as {
    count: number;
    last: number;
  };
  const chunks = db.prepare('SELECT count(*) FROM event_chunk').pluck().get() as number;
  const expected = last === 0 ? 0 : (last >> 12) + 1;
  const right = `${count} event rows as imported`;
  if (count !== last) return { wrong: `${last} events were imported, ${count} are there`, right };
  if (chunks !== expected)
    return { wrong: `${expected} hashes of event rows are expected, ${chunks} are there`, right };
  const ranges = changed.slice(0, 5).map(rangeOf);
  return { wrong: changed.length === 0 ? null : `event rows were changed among the ids ${ranges.join(', ')}`, right };
}

function columns(differing: readonly string[]): { wrong: Finding; right: string } {
  const right = 'columns for searching agree with the event rows';
  return { wrong: differing.length === 0 ? null : differing.slice(0, 5).join('; '), right };
}

function ledger(db: Connection): { wrong: Finding; right: string } {
  const rows = db
    .prepare(
      `SELECT evidence.path, evidence.event_count - evidence.duplicates AS said, evidence.skipped + evidence.malformed AS said_rejected,
        coalesce(counted.rejected, 0) AS rejected, evidence.duplicates AS duplicates
       FROM evidence LEFT JOIN (SELECT evidence, sum(count) AS rejected FROM rejected GROUP BY evidence) AS counted
       ON counted.evidence = evidence.id ORDER BY evidence.id`,
    )
    .all() as { path: string; said: number; said_rejected: number; rejected: number; duplicates: number }[];
  const { events: count, copies } = db
    .prepare('SELECT (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM copy) AS copies')
    .get() as { events: number; copies: number };
  const said = rows.reduce((sum, row) => sum + row.said, 0);
  const repeated = rows.reduce((sum, row) => sum + row.duplicates, 0);
  const odd = rows.find((row) => row.said_rejected !== row.rejected);
  const right = `${said} events + ${repeated} duplicates + ${rows.reduce((sum, row) => sum + row.rejected, 0)} rejected records reconcile`;
  if (odd !== undefined)
    return {
      wrong: `${odd.path}: ${odd.said_rejected} rejected records are counted, ${odd.rejected} are there`,
      right,
    };
  if (said !== count) return { wrong: `the ledger counts ${said} events, ${count} are there`, right };
  return { wrong: repeated === copies ? null : `the ledger counts ${repeated} duplicates, ${copies} are there`, right };
}

const NAMES: Readonly<Record<Part, string>> = {
  evidence: 'ledger, places, dictionaries and rejected records',
  findings: 'rules that were run, alerts and what was decided about them',
  settings: 'lists, indicators and rules of the case, and what was set for rules',
  marks: 'stars, tags, notes, verdicts, markers and saved queries',
  foreign: 'alerts of other tools',
};

function root(db: Connection, part: Part): { wrong: Finding; right: string } {
  const now = hashPart(db, part);
  const kept = readTableHashes(db);
  const isSame = recordedRoot(db, part) === rootOf(now);
  const places = isSame ? now.flatMap((hash) => keptFault(hash, kept) ?? []) : tableFaults(db, part, now, kept);
  if (part === 'foreign') places.push(...foreignFaults(db));
  if (part === 'findings') places.push(...verdictFaults(db));
  const right = `${NAMES[part]} as the last action left them`;
  if (isSame && places.length === 0) return { wrong: null, right };
  return { wrong: `${NAMES[part]} are not as the last action left them: ${places.join('; ')}`, right };
}

/** The rows are as the actions say: what differs is what table_hash tells of them. */
function keptFault(now: TableHash, kept: ReadonlyMap<string, TableHash>): string | null {
  const isKept = isDeepStrictEqual(kept.get(now.name), now);
  return isKept ? null : `table table_hash: the row of name "${now.name}" does not tell what that table gives`;
}

function tableFaults(
  db: Connection,
  part: Part,
  now: readonly TableHash[],
  kept: ReadonlyMap<string, TableHash>,
): string[] {
  const faults = now.flatMap(
    (hash, index) => tableFault(db, TABLES[part][index] as HashedTable, hash, kept.get(hash.name)) ?? [],
  );
  return [...faults, 'the log of actions tells another root'];
}

/** Files of other tools of which the bytes are not those of their hash. */
function foreignFaults(db: Connection): string[] {
  const rows = db.prepare('SELECT id, name, sha256, data FROM foreign_file ORDER BY id').iterate();
  const faults: string[] = [];
  for (const { id, name, sha256, data } of rows as Iterable<{ id: number; name: string; sha256: Buffer; data: Buffer }>)
    if (!createHash('sha256').update(data).digest().equals(sha256))
      faults.push(`table foreign_file: the bytes of id ${id} (${JSON.stringify(name)}) were changed`);
  return faults;
}

/** table_hash must tell of the tables that are hashed, and of nothing else. */
function hashes(db: Connection): { wrong: Finding; right: string } {
  const known = new Set(['action', ...PARTS.flatMap((part) => TABLES[part].map(({ name }) => name))]);
  const odd = [...readTableHashes(db).keys()].filter((name) => !known.has(name));
  const right = 'every hash of a table is one that actions keep';
  return { wrong: odd.length === 0 ? null : `table_hash tells of ${JSON.stringify(odd[0])}, which is no table`, right };
}

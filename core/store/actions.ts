import { isDeepStrictEqual } from 'node:util';
import { chainHash, GENESIS } from '../action-chain.ts';
import type { Connection } from './connection.ts';
import { type Part, takeRoot } from './roots.ts';
import { readTableHashes, saveTableHash, type TableHash } from './table-hash.ts';

/** One entry of the log of what people did, chained to the one before by its hash. */
export interface Action {
  readonly id: number;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
  readonly examiner: string;
  /** `case/create`, `evidence/import`, `rules/run`, `alert/status`, `list/change`. */
  readonly name: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** SHA-256 over the hash before and this entry, in hexadecimal. */
  readonly hash: string;
}

interface Row {
  readonly id: number;
  readonly time: number;
  readonly examiner: string;
  readonly name: string;
  readonly detail: string;
  readonly hash: Buffer;
}

export function readActions(db: Connection): Action[] {
  const rows = db.prepare('SELECT * FROM action ORDER BY id').all() as Row[];
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail), hash: row.hash.toString('hex') }));
}

/** Hash of the last action: whoever remembers it can prove later that nothing was cut off. */
export function headOf(db: Connection): string {
  const row = db.prepare('SELECT hash FROM action ORDER BY id DESC LIMIT 1').get() as { hash: Buffer } | undefined;
  return row?.hash.toString('hex') ?? GENESIS;
}

/** Appends an action with the roots of the parts that it changed; its id. Belongs into the transaction that made the change. */
export function appendAction(
  db: Connection,
  action: {
    readonly examiner: string;
    readonly time: number;
    readonly name: string;
    readonly detail: Readonly<Record<string, unknown>>;
    readonly changed: readonly Part[];
  },
): number {
  const roots = Object.fromEntries(action.changed.map((part) => [part, takeRoot(db, part)]));
  const { count } = db.prepare('SELECT count(*) AS count FROM action').get() as { count: number };
  const id = count + 1;
  const detail = JSON.stringify({ ...action.detail, roots });
  const hash = chainHash(headOf(db), id, action.time, action.examiner, action.name, detail);
  db.prepare('INSERT INTO action (id, time, examiner, name, detail, hash) VALUES (?, ?, ?, ?, ?, ?)').run(
    id,
    action.time,
    action.examiner,
    action.name,
    detail,
    Buffer.from(hash, 'hex'),
  );
  saveTableHash(db, endOfChain(id, hash));
  return id;
}

/** How many actions there are and the head, kept outside the log so that an action cut off its end is missed. */
const endOfChain = (count: number, head: string): TableHash => ({
  name: 'action',
  rows: count,
  sha256: Buffer.from(head, 'hex'),
  places: Buffer.alloc(0),
});

/** The first entry at which the chain does not hold, or null. */
export function findBreak(db: Connection): { readonly id: number; readonly why: string } | null {
  const rows = db.prepare('SELECT * FROM action ORDER BY id').all() as Row[];
  let before = GENESIS;
  let expected = 1;
  for (const row of rows) {
    if (row.id !== expected) return { id: expected, why: `action ${expected} is missing, action ${row.id} follows` };
    const hash = chainHash(before, row.id, row.time, row.examiner, row.name, row.detail);
    if (hash !== row.hash.toString('hex'))
      return { id: row.id, why: `action ${row.id} (${row.name}) does not follow from the one before` };
    before = hash;
    expected++;
  }
  if (rows.length === 0) return { id: 1, why: 'there is no action, not even the making of the case' };
  return endFault(readTableHashes(db).get('action'), rows.length, before);
}

function endFault(kept: TableHash | undefined, count: number, head: string): ReturnType<typeof findBreak> {
  const last = `the row "action" of table_hash counts ${kept?.rows ?? 0} actions`;
  if (kept?.rows !== count) return { id: count, why: `${last}, ${count} are there` };
  if (isDeepStrictEqual(kept, endOfChain(count, head))) return null;
  return { id: count, why: `${last}, but does not tell the hash of the last one` };
}

/** The root that the last action which changed a part has recorded, or null. */
export function recordedRoot(db: Connection, part: Part): string | null {
  for (const action of readActions(db).reverse()) {
    const roots = action.detail['roots'];
    if (typeof roots === 'object' && roots !== null && part in roots)
      return String((roots as Record<string, unknown>)[part]);
  }
  return null;
}

import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { HitBuilder, packHits, unpackHits } from '../event/hit-columns.ts';
import { recordedRoot } from './actions.ts';
import type { Connection } from './connection.ts';
import type { HitSpool, SpooledHit } from './hit-spool.ts';

const LEVEL_1 = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };

/** Where a row ends: hits, and bytes of what they prove. */
const MOST_HITS = 4096;
const MOST_BYTES = 4 * 1024 * 1024;

interface VerdictRow {
  readonly id: number;
  readonly sha256: Buffer;
  readonly data: Buffer;
}

/** What the last run has found out about the evidence that stood in the case then. */
export interface KeptVerdicts {
  readonly hits: readonly SpooledHit[];
  /** Where that evidence ends: ids of its last event and block. */
  readonly lastEvent: number;
  readonly lastBlock: number;
  /** Whether nothing has come since. */
  readonly isCurrent: boolean;
  /** Whether an event has come since, or another record stands for it now: nothing is known of it. */
  readonly isOpen: (event: number) => boolean;
}

/**
 * Which rules of the last run each event meets, and what that proves, kept so that the same rules need not read the same events
 * again. A row holds some thousand hits, zstd.
 */
export class Verdicts {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /**
   * What was kept under a key, which stands for the rules and the program, its proofs put into a spool and in the order of events. Null where nothing was, where it
   * was damaged since, or where it is not of an earlier state of this evidence.
   */
  read(key: Buffer, spool: HitSpool): KeptVerdicts | null {
    const scope = this.#db
      .prepare('SELECT evidence, last_event AS lastEvent, last_block AS lastBlock FROM verdict_scope WHERE key = ?')
      .get(key) as { evidence: string; lastEvent: number; lastBlock: number } | undefined;
    if (scope === undefined || !this.#hasStood(scope.evidence)) return null;
    const hits = this.#hits(spool);
    const moved = this.#db.prepare('SELECT event FROM moved WHERE block > ?').pluck().all(scope.lastBlock) as number[];
    const isMoved = new Set(moved);
    const isOpen = (event: number) => event > scope.lastEvent || isMoved.has(event);
    const last = this.#db.prepare('SELECT coalesce(max(id), 0) FROM event').pluck().get() as number;
    const isCurrent = last === scope.lastEvent && moved.length === 0;
    return hits && { ...scope, hits: hits.filter(({ event }) => !isOpen(event)), isCurrent, isOpen };
  }

  /** Puts the hits of a run over all evidence in the place of those of the run before. Belongs into the run's transaction. */
  keep(key: Buffer, hits: readonly SpooledHit[]): void {
    this.#db.exec('DELETE FROM verdict; DELETE FROM verdict_scope;');
    this.#db
      .prepare(
        `INSERT INTO verdict_scope (key, evidence, last_event, last_block)
         SELECT ?, ?, (SELECT coalesce(max(id), 0) FROM event), (SELECT coalesce(max(id), 0) FROM block)`,
      )
      .run(key, recordedRoot(this.#db, 'evidence'));
    const add = this.#db.prepare('INSERT INTO verdict (id, sha256, data) VALUES (?, ?, ?)');
    const builder = new HitBuilder();
    let id = 1;
    const end = () => {
      const data = zlib.zstdCompressSync(packHits(builder.take()), LEVEL_1);
      add.run(id++, hashOf(data), data);
    };
    for (const hit of hits.toSorted((a, b) => a.event - b.event)) {
      builder.add({ row: hit.event, inner: null, rules: hit.rules, holds: hit.holds, proof: hit.bytes() });
      if (builder.count >= MOST_HITS || builder.bytes >= MOST_BYTES) end();
    }
    if (builder.count > 0) end();
  }

  /** Whether the evidence was so after some import: it only grows, so what was found out then holds for what stood there. */
  #hasStood(evidence: string): boolean {
    const find = this.#db.prepare("SELECT 1 FROM action WHERE detail ->> '$.roots.evidence' = ?");
    return find.get(evidence) !== undefined;
  }

  /** Null where a row is damaged. */
  #hits(spool: HitSpool): SpooledHit[] | null {
    const rows = this.#db.prepare('SELECT id, sha256, data FROM verdict ORDER BY id').iterate();
    const hits: SpooledHit[] = [];
    for (const row of rows as Iterable<VerdictRow>) {
      if (!isWhole(row)) return null;
      const columns = unpackHits(zlib.zstdDecompressSync(row.data));
      for (let at = 0; at < columns.row.length; at++) hits.push(spool.put(columns.row[at] as number, columns, at));
    }
    return hits;
  }
}

/** Rows of which the bytes are not those of their hash, in words. */
export function verdictFaults(db: Connection): string[] {
  const rows = db.prepare('SELECT id, sha256, data FROM verdict ORDER BY id').iterate() as Iterable<VerdictRow>;
  const faults: string[] = [];
  for (const row of rows) if (!isWhole(row)) faults.push(`table verdict: the bytes of id ${row.id} were changed`);
  return faults;
}

const isWhole = ({ sha256, data }: VerdictRow): boolean => hashOf(data).equals(sha256);

const hashOf = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();

import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { HitBuilder, packHits, unpackHits } from '../event/hit-columns.ts';
import type { Connection } from './connection.ts';
import { chunkOf } from './event-chunks.ts';
import type { HitSpool, SpooledHit } from './hit-spool.ts';

const LEVEL_1 = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };

interface VerdictRow {
  readonly chunk: number;
  readonly sha256: Buffer;
  readonly data: Buffer;
}

/**
 * Which rules of the last run each event meets, and what that proves, kept so that the same rules need not read the same events
 * again. A row holds the hits of 4096 event ids, zstd; its key says what they depend on.
 */
export class Verdicts {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** What was kept under a key, put into a spool, in the order of events; null where nothing was, or where it was damaged since. */
  read(key: Buffer, spool: HitSpool): SpooledHit[] | null {
    const rows = this.#db
      .prepare('SELECT chunk, sha256, data FROM verdict WHERE key = ? ORDER BY chunk')
      .iterate(key) as Iterable<VerdictRow>;
    let hits: SpooledHit[] | null = null;
    for (const row of rows) {
      if (!isWhole(row)) return null;
      const columns = unpackHits(zlib.zstdDecompressSync(row.data));
      hits ??= [];
      for (let at = 0; at < columns.row.length; at++) hits.push(spool.put(columns.row[at] as number, columns, at));
    }
    return hits;
  }

  /** Puts the hits of a run in the place of those of the run before. Belongs into the run's transaction. */
  keep(key: Buffer, hits: readonly SpooledHit[]): void {
    this.#db.exec('DELETE FROM verdict');
    const add = this.#db.prepare('INSERT INTO verdict (chunk, key, sha256, data) VALUES (?, ?, ?, ?)');
    const builder = new HitBuilder();
    const end = (chunk: number) => {
      const data = zlib.zstdCompressSync(packHits(builder.take()), LEVEL_1);
      add.run(chunk, key, hashOf(data), data);
    };
    let chunk = 0;
    for (const hit of hits.toSorted((a, b) => a.event - b.event)) {
      if (chunkOf(hit.event) !== chunk) end(chunk);
      chunk = chunkOf(hit.event);
      const { event: row, rules, holds } = hit;
      builder.add({ row, inner: null, rules, holds, proof: hit.bytes() });
    }
    end(chunk);
  }
}

/** Rows of which the bytes are not those of their hash, in words. */
export function verdictFaults(db: Connection): string[] {
  const rows = db.prepare('SELECT chunk, sha256, data FROM verdict ORDER BY chunk').iterate() as Iterable<VerdictRow>;
  const faults: string[] = [];
  for (const row of rows) if (!isWhole(row)) faults.push(`table verdict: the bytes of chunk ${row.chunk} were changed`);
  return faults;
}

const isWhole = ({ sha256, data }: VerdictRow): boolean => hashOf(data).equals(sha256);

const hashOf = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();

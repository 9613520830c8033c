import zlib from 'node:zlib';
import type { Connection } from './connection.ts';

/** A block as the case keeps it, unpacked. `shape` is JSON that core/ingest understands. */
export interface StoredBlock {
  readonly id: number;
  readonly evidence: number;
  readonly offset: number;
  readonly shape: string;
  readonly bytes: Buffer;
}

/** Unpacked blocks, the last few. */
export class BlockCache {
  readonly #find;
  readonly #kept = new Map<number, StoredBlock>();
  readonly #most: number;

  constructor(db: Connection, most = 8) {
    this.#find = db.prepare('SELECT id, evidence, offset, shape, data FROM block WHERE id = ?');
    this.#most = most;
  }

  get(id: number): StoredBlock {
    const known = this.#kept.get(id);
    if (known !== undefined) {
      this.#kept.delete(id);
      this.#kept.set(id, known);
      return known;
    }
    const { data, ...row } = this.#find.get(id) as Omit<StoredBlock, 'bytes'> & { data: Buffer };
    const block = { ...row, bytes: data.length === 0 ? data : zlib.zstdDecompressSync(data) };
    this.#kept.set(id, block);
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value as number);
    return block;
  }
}

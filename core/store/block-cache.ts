import { promisify } from 'node:util';
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

type Packed = Omit<StoredBlock, 'bytes'> & { readonly data: Buffer };

const unpack = promisify(zlib.zstdDecompress);

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
    const { data, ...row } = this.#find.get(id) as Packed;
    return this.#keep({ ...row, bytes: data.length === 0 ? data : zlib.zstdDecompressSync(data) });
  }

  /** Makes a block ready for `get`, unpacking it off this thread. */
  async unpack(id: number): Promise<void> {
    if (this.#kept.has(id)) return;
    const { data, ...row } = this.#find.get(id) as Packed;
    this.#keep({ ...row, bytes: data.length === 0 ? data : await unpack(data) });
  }

  #keep(block: StoredBlock): StoredBlock {
    this.#kept.set(block.id, block);
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value as number);
    return block;
  }
}

import type { Connection } from './connection.ts';
import { PACKED_BLOCK, type PackedBlock, type StoredBlock, unpack, unpackNow } from './unpack-block.ts';

export type { StoredBlock } from './unpack-block.ts';

/** Unpacked blocks, the last few. */
export class BlockCache {
  readonly #find;
  readonly #kept = new Map<number, StoredBlock>();
  readonly #most: number;

  constructor(db: Connection, most = 8) {
    this.#find = db.prepare(PACKED_BLOCK);
    this.#most = most;
  }

  get(id: number): StoredBlock {
    const known = this.#kept.get(id);
    if (known !== undefined) {
      this.#kept.delete(id);
      this.#kept.set(id, known);
      return known;
    }
    return this.#keep(unpackNow(this.#find.get(id) as PackedBlock));
  }

  /** Makes a block ready for `get`, unpacking it off this thread. */
  async unpack(id: number): Promise<void> {
    if (this.#kept.has(id)) return;
    this.#keep(await unpack(this.#find.get(id) as PackedBlock));
  }

  #keep(block: StoredBlock): StoredBlock {
    this.#kept.set(block.id, block);
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value as number);
    return block;
  }
}

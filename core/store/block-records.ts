import type { StoredBlock } from './block-cache.ts';
import type { Connection } from './connection.ts';
import { PACKED_BLOCK, type PackedBlock, unpack } from './unpack-block.ts';

/** Where the record of an event lies in its block. */
export interface RecordSpan {
  readonly id: number;
  readonly start: number;
  readonly length: number;
}

/** Events of a block that are further apart than this are asked one by one. */
const WIDEST_RANGE = 20_000;

/** Reads blocks and the places of their events in bulk, for a search through the case. */
export class BlockRecords {
  readonly #block;
  readonly #range;
  readonly #one;

  constructor(db: Connection) {
    this.#block = db.prepare(PACKED_BLOCK);
    this.#range = db.prepare('SELECT id, start, length FROM event WHERE id BETWEEN ? AND ? AND block = ? ORDER BY id');
    this.#one = db.prepare('SELECT id, start, length FROM event WHERE id = ?');
  }

  /** A block as it is stored. */
  packed(id: number): PackedBlock {
    return this.#block.get(id) as PackedBlock;
  }

  /** Unpacks off this thread. */
  async block(id: number): Promise<StoredBlock> {
    return unpack(this.packed(id));
  }

  /** Places of events of one block; the ids in ascending order. */
  spans(block: number, ids: readonly number[]): RecordSpan[] {
    const [first = 0, last = 0] = [ids[0], ids.at(-1)];
    if (last - first > WIDEST_RANGE) return ids.map((id) => this.#one.get(id) as RecordSpan);
    const wanted = new Set(ids);
    return (this.#range.all(first, last, block) as RecordSpan[]).filter(({ id }) => wanted.has(id));
  }
}

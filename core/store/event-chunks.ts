import { createHash } from 'node:crypto';
import { packColumns, planesOf } from './column-chunk.ts';
import type { Connection } from './connection.ts';

/** Events are hashed in chunks of this many ids, so that a change needs few rows read again. */
const CHUNK_BITS = 12;
const CHUNK_ROWS = 1 << CHUNK_BITS;

export const chunkOf = (eventId: number): number => eventId >> CHUNK_BITS;

/** Columns of an event row that are numbers, in the order in which they are hashed; null counts as 0, for a time as NaN. */
const NUMBERS =
  'id, block, start, length, time, elapsed, actor, address, agent, operation, namespace, name, answer, reading';
const WIDTH = NUMBERS.split(',').length;
const TIME_AT = 4;

/** A chunk of rows as the case keeps it beside them: their hash, and their columns packed for searching. */
export interface EventChunk {
  readonly sha256: Buffer;
  readonly columns: Buffer;
}

/** Collects rows of one chunk. */
export class ChunkHasher {
  readonly #matrix = new Float64Array(CHUNK_ROWS * WIDTH);
  #ids = Buffer.alloc(CHUNK_ROWS * 24);
  #idBytes = 0;
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  /** `numbers` in the order of the columns above; `auditId` as stored: 16 bytes, or text. */
  add(numbers: ArrayLike<number | null>, auditId: Uint8Array | string): void {
    const at = this.#rows++ * WIDTH;
    for (let i = 0; i < WIDTH; i++) this.#matrix[at + i] = numbers[i] ?? (i === TIME_AT ? Number.NaN : 0);
    this.#addId(auditId);
  }

  /** A kind and a length before each id, so that no two lists of ids are the same bytes. */
  #addId(auditId: Uint8Array | string): void {
    const isText = typeof auditId === 'string';
    const bytes = isText ? Buffer.from(auditId) : auditId;
    if (this.#idBytes + 5 + bytes.length > this.#ids.length)
      this.#ids = Buffer.concat([this.#ids], this.#ids.length * 2 + bytes.length);
    this.#ids[this.#idBytes] = isText ? 1 : 0;
    this.#ids.writeUInt32LE(bytes.length, this.#idBytes + 1);
    this.#ids.set(bytes, this.#idBytes + 5);
    this.#idBytes += 5 + bytes.length;
  }

  take(): EventChunk {
    const columns = packColumns(this.#matrix, this.#rows, WIDTH);
    return { sha256: this.#takeHash(), columns };
  }

  /** The columns of the rows so far, and their hash. */
  check(): { readonly sha256: Buffer; readonly planes: Int32Array } {
    const planes = planesOf(this.#matrix, this.#rows, WIDTH);
    return { sha256: this.#takeHash(), planes };
  }

  #takeHash(): Buffer {
    const hash = createHash('sha256');
    hash.update(Buffer.from(this.#matrix.buffer, 0, this.#rows * WIDTH * 8));
    hash.update(this.#ids.subarray(0, this.#idBytes));
    this.#rows = 0;
    this.#idBytes = 0;
    return hash.digest();
  }
}

/** A chunk as its rows are now. */
export function collectChunk(db: Connection, chunk: number): ChunkHasher {
  const hasher = new ChunkHasher();
  const rows = db
    .prepare(`SELECT ${NUMBERS}, audit_id FROM event WHERE id BETWEEN ? AND ? ORDER BY id`)
    .raw()
    .iterate(chunk << CHUNK_BITS, (chunk << CHUNK_BITS) + CHUNK_ROWS - 1) as IterableIterator<
    [...(number | null)[], Uint8Array | string]
  >;
  for (const row of rows) hasher.add(asHashed(row as (number | null)[]), row[WIDTH] as unknown as Uint8Array | string);
  return hasher;
}

/** Columns that may be null, which is hashed as 0: an id of 0, which the writer never gives, must not look the same. */
const NULLABLE = [7, 8, 10, 11];

function asHashed(row: (number | null)[]): (number | null)[] {
  for (const column of NULLABLE) if (row[column] === 0) row[column] = -1;
  return row;
}

/** Hashes again the chunks in which rows were changed. */
export function rehashChunks(db: Connection, chunks: Iterable<number>): void {
  const save = db.prepare(
    `INSERT INTO event_chunk (id, sha256, columns) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256, columns = excluded.columns`,
  );
  for (const chunk of chunks) {
    const { sha256, columns } = collectChunk(db, chunk).take();
    save.run(chunk, sha256, columns);
  }
}

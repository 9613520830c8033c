import type { BlockRecords } from '../../store/block-records.ts';
import type { EventIndex } from '../../store/event-index.ts';

/** Where the records of rows lie in their blocks. What was asked for once is remembered, eight bytes a row. */
export class RowPlaces {
  readonly #index: EventIndex;
  readonly #records: BlockRecords;
  readonly #start: Int32Array;
  /** 0: not asked for yet. */
  readonly #length: Int32Array;

  constructor(index: EventIndex, records: BlockRecords) {
    this.#index = index;
    this.#records = records;
    this.#start = new Int32Array(index.columns.count);
    this.#length = new Int32Array(index.columns.count);
  }

  /** Start and length of the record of each row, one pair after the other; the rows lie in one block. */
  of(block: number, rows: Uint32Array): Int32Array<ArrayBuffer> {
    this.#read(block, rows);
    const places = new Int32Array(rows.length * 2);
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] as number;
      places[at * 2] = this.#start[row] as number;
      places[at * 2 + 1] = this.#length[row] as number;
    }
    return places;
  }

  #read(block: number, rows: Uint32Array): void {
    const { id } = this.#index.columns;
    const missing = rows.filter((row) => this.#length[row] === 0).sort((a, b) => (id[a] as number) - (id[b] as number));
    if (missing.length === 0) return;
    const spans = this.#records.spans(
      block,
      Array.from(missing, (row) => id[row] as number),
    );
    for (const [at, { start, length }] of spans.entries()) {
      const row = missing[at] as number;
      this.#start[row] = start;
      this.#length[row] = length;
    }
  }
}

const known = new WeakMap<EventIndex, RowPlaces>();

/** What was asked about the records of a case before. */
export function rowPlaces(index: EventIndex, records: BlockRecords): RowPlaces {
  const places = known.get(index) ?? new RowPlaces(index, records);
  known.set(index, places);
  return places;
}

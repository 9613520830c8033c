import type { StoredBlock } from '../store/block-cache.ts';
import type { RecordSpan } from '../store/block-records.ts';
import type { Reading } from '../store/event-index.ts';
import type { EventSource } from './event-source.ts';
import { searchBytes } from './needle-search.ts';
import type { QueryPlan } from './plan.ts';

/** Decides about the events of a block that columns have left. */
export class BlockSearch {
  readonly #source: EventSource;
  readonly #plan: QueryPlan;

  constructor(source: EventSource, plan: QueryPlan) {
    this.#source = source;
    this.#plan = plan;
  }

  /**
   * Says of some rows, which lie in one block, which are accepted, in no certain order. Yields null after each event that
   * was read, so that a caller can pause.
   */
  *accepted(block: StoredBlock, rows: readonly number[]): Generator<number | null> {
    const { id } = this.#source.index.columns;
    const rowOf = new Map(rows.map((row) => [id[row] as number, row]));
    for (const { id: event } of this.#left(block, rowOf)) {
      const fields = this.#source.fields(event);
      yield this.#plan.test(this.#source.event(event, block), fields) ? (rowOf.get(event) as number) : null;
    }
  }

  /** What the bytes do not rule out. */
  #left(block: StoredBlock, rowOf: ReadonlyMap<number, number>): readonly RecordSpan[] {
    const ids = [...rowOf.keys()].sort((a, b) => a - b);
    const { needle } = this.#plan;
    if ('any' in needle) return this.#source.records.spans(block.id, ids);
    const mayHold = searchBytes(needle, block.bytes);
    const isPlain = (id: number) => this.#isPlain(rowOf.get(id) as number);
    if (!mayHold({ start: 0, length: block.bytes.length }) && ids.every(isPlain)) return [];
    return this.#source.records.spans(block.id, ids).filter((span) => mayHold(span) || !isPlain(span.id));
  }

  #isPlain(row: number): boolean {
    const { ids, read } = this.#source.index.readings();
    return isPlain(read(ids[row] as number));
  }
}

/** Whether all text of the event stands in the bytes of its record: not packed, and nothing was put right or inherited. */
export function isPlain({ form, format }: Reading): boolean {
  return form === 'verbatim' && format !== null && format.startsWith('k8s-audit-') && format !== 'k8s-audit-eventlist';
}

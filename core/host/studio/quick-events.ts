import type { AuditEvent } from '../../event/audit-event.ts';
import type { EventSource } from '../../hunt/event-source.ts';
import { ColumnBuilder, Dictionaries } from '../../scan/columns.ts';
import { LineScanner } from '../../scan/line-scanner.ts';
import type { StoredBlock } from '../../store/block-cache.ts';

/** Blocks after which what was learnt of texts is forgotten: it is of no use here, and grows. */
const FORGET_AFTER = 32;

/**
 * Reads events of blocks as an import does: lines that the API server wrote are scanned, and only what a rule asks for is parsed.
 * An event is good until the next one is read.
 */
export class QuickEvents {
  readonly #source: EventSource;
  #columns = new ColumnBuilder();
  #scanner = new LineScanner(new Dictionaries(), this.#columns);
  #blocks = 0;

  constructor(source: EventSource) {
    this.#source = source;
  }

  /** The events of some rows of one block, by place in the block. */
  *of(block: StoredBlock, rows: readonly number[]): Generator<{ readonly row: number; readonly event: AuditEvent }> {
    const { index, records } = this.#source;
    const { id: ids } = index.columns;
    const { ids: readings, read } = index.readings();
    const rowOf = new Map(rows.map((row) => [ids[row] as number, row]));
    this.#begin();
    for (const { id, start, length } of records.spans(
      block.id,
      [...rowOf.keys()].sort((a, b) => a - b),
    )) {
      const row = rowOf.get(id) as number;
      const { form, format } = read(readings[row] as number);
      const isLine = form === 'verbatim' && format === 'k8s-audit-jsonl';
      const isTaken = isLine && this.#scanner.scan(block.bytes, start, start + length);
      yield { row, event: isTaken ? this.#scanner.event() : this.#source.event(id, block) };
    }
  }

  #begin(): void {
    this.#columns.take();
    if (++this.#blocks % FORGET_AFTER !== 0) return;
    this.#columns = new ColumnBuilder();
    this.#scanner = new LineScanner(new Dictionaries(), this.#columns);
  }
}

import type { AuditEvent } from '../../event/audit-event.ts';
import { isPlain } from '../../hunt/block-search.ts';
import type { EventSource } from '../../hunt/event-source.ts';
import type { Needle } from '../../hunt/needle.ts';
import { type Span, searchBytes } from '../../hunt/needle-search.ts';
import type { Shape } from '../../ingest/block.ts';
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

  /**
   * The events of some rows of one block, in no certain order; null for one whose bytes do not hold the needle, which is found
   * without reading it.
   */
  *of(
    block: StoredBlock,
    rows: readonly number[],
    needle: Needle,
  ): Generator<{ readonly row: number; readonly event: AuditEvent | null }> {
    const { index, records } = this.#source;
    const { id: ids } = index.columns;
    const { ids: readings, read } = index.readings();
    const mayHold = bytesTest(needle, block);
    const isSearched = (row: number) => isPlain(read(readings[row] as number));
    if (!mayHold({ start: 0, length: block.bytes.length }) && rows.every(isSearched)) {
      for (const row of rows) yield { row, event: null };
      return;
    }
    const rowOf = new Map(rows.map((row) => [ids[row] as number, row]));
    this.#begin();
    for (const { id, start, length } of records.spans(
      block.id,
      [...rowOf.keys()].sort((a, b) => a - b),
    )) {
      const row = rowOf.get(id) as number;
      if (!mayHold({ start, length }) && isSearched(row)) yield { row, event: null };
      else yield { row, event: this.#event(id, row, block, start, length) };
    }
  }

  #event(id: number, row: number, block: StoredBlock, start: number, length: number): AuditEvent {
    const { ids: readings, read } = this.#source.index.readings();
    const { form, format } = read(readings[row] as number);
    const isLine = form === 'verbatim' && format === 'k8s-audit-jsonl';
    const isTaken = isLine && this.#scanner.scan(block.bytes, start, start + length);
    return isTaken ? this.#scanner.event() : this.#source.event(id, block);
  }

  #begin(): void {
    this.#columns.take();
    if (++this.#blocks % FORGET_AFTER !== 0) return;
    this.#columns = new ColumnBuilder();
    this.#scanner = new LineScanner(new Dictionaries(), this.#columns);
  }
}

/** Bytes of other encodings show no text. */
function bytesTest(needle: Needle, { bytes, shape }: StoredBlock): (span: Span) => boolean {
  const parsed = JSON.parse(shape) as Shape;
  const isNarrow = 'encoding' in parsed && parsed.encoding === 'utf-8';
  return 'any' in needle || !isNarrow ? () => true : searchBytes(needle, bytes);
}

import type { Form } from '../contract/rows.ts';
import type { Agreement } from '../event/agree.ts';
import { BlockCache } from './block-cache.ts';
import type { Connection } from './connection.ts';
import { DuplicateFinder } from './duplicate-finder.ts';
import type { EventInserter } from './event-inserter.ts';
import type { IncomingBlock, RecordPlace } from './incoming.ts';

/** Compares the contents of two records that may be one event; core/host wires core/ingest in here. */
export type CompareRecords = (left: RecordPlace, right: RecordPlace) => Agreement;

/** A record that says what an event of the case says already. */
export interface Repeat {
  readonly row: number;
  readonly event: number;
  readonly agreement: Agreement;
  /** The very same bytes in the same form: they need not be kept twice. */
  readonly isIdentical: boolean;
}

/** How an event was read, in words. */
interface ReadingRow {
  readonly form: Form;
  readonly inner: string | null;
  readonly format: string | null;
  readonly cluster: number | null;
}

const READING =
  '(SELECT text FROM term WHERE id = inner) AS inner, (SELECT text FROM term WHERE id = format) AS format, form, cluster';

/** Finds the events of the case that incoming records repeat (decision 3). */
export class RepeatFinder {
  readonly #compare: CompareRecords;
  readonly #events: EventInserter;
  readonly #duplicates: DuplicateFinder;
  readonly #blocks: BlockCache;
  readonly #placeOf;
  readonly #findReading;
  readonly #readingRows = new Map<number, ReadingRow>();

  constructor(db: Connection, compare: CompareRecords, events: EventInserter) {
    this.#compare = compare;
    this.#events = events;
    this.#duplicates = new DuplicateFinder(db);
    this.#blocks = new BlockCache(db);
    this.#placeOf = db.prepare(
      `SELECT event.block, start, length, ${READING} FROM event JOIN reading ON reading.id = event.reading WHERE event.id = ?`,
    );
    this.#findReading = db.prepare(`SELECT ${READING} FROM reading WHERE id = ?`);
  }

  /** Lets go of what it knows of events: nothing is looked for any more. */
  release(): void {
    this.#duplicates.release();
  }

  /** An event was appended: what comes later may repeat it. */
  remember(event: number, time: number): void {
    this.#duplicates.remember(event, time, () => {
      this.#events.flush();
      this.#events.makeTimeIndex();
    });
  }

  /** The event that a row repeats, if any, and how the two agree. */
  find(block: IncomingBlock, row: number, blockId: number): Omit<Repeat, 'row'> | null {
    const { columns } = block;
    const time = columns.time[row] as number;
    const elapsed = columns.elapsed[row] as number;
    const isText = columns.auditText[row] !== 0;
    const id = isText ? Buffer.from(this.#events.auditIdOf(columns, row) as string) : columns.auditId;
    const [at, end] = isText ? [0, id.length] : [row * 16, row * 16 + 16];
    if (this.#duplicates.needsCase(time)) this.#events.flush();
    const candidates = this.#duplicates.candidates(id, at, end, time, elapsed, () =>
      this.#events.auditIdOf(columns, row),
    );
    let conflict: Omit<Repeat, 'row'> | null = null;
    for (const event of candidates) {
      const found = this.#compareWith(event, block, row, blockId);
      if (found === null) continue;
      if (found.agreement !== 'conflict') return found;
      conflict ??= found;
    }
    return conflict;
  }

  #compareWith(event: number, block: IncomingBlock, row: number, blockId: number): Omit<Repeat, 'row'> | null {
    this.#events.flush();
    const known = this.#placeOf.get(event) as { block: number; start: number; length: number } & ReadingRow;
    const mine = this.#readingRow(block.columns.reading[row] as number);
    if (known.cluster !== null && mine.cluster !== null && known.cluster !== mine.cluster) return null;
    const knownBlock =
      known.block === blockId
        ? { offset: block.offset, shape: block.shape, bytes: bufferOver(block.bytes) }
        : this.#blocks.get(known.block);
    const left: RecordPlace = {
      block: knownBlock,
      start: known.start,
      length: known.length,
      inner: known.inner,
      form: known.form,
      format: known.format,
    };
    const right: RecordPlace = {
      block: { offset: block.offset, shape: block.shape, bytes: block.bytes as Buffer },
      start: block.columns.start[row] as number,
      length: block.columns.length[row] as number,
      inner: mine.inner,
      form: mine.form,
      format: mine.format,
    };
    if (isSameRecord(left, right)) return { event, agreement: 'same', isIdentical: true };
    const agreement = this.#compare(left, right);
    return agreement === 'other' ? null : { event, agreement, isIdentical: false };
  }

  #readingRow(id: number): ReadingRow {
    const known = this.#readingRows.get(id);
    if (known !== undefined) return known;
    const row = this.#findReading.get(id) as ReadingRow;
    this.#readingRows.set(id, row);
    return row;
  }
}

function isSameRecord(left: RecordPlace, right: RecordPlace): boolean {
  if (left.form !== right.form || left.inner !== right.inner || left.length !== right.length) return false;
  return Buffer.compare(sliceOf(left), sliceOf(right)) === 0;
}

/** The same memory: a block full of repeats must not be copied for each of them. */
const bufferOver = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const sliceOf = ({ block, start, length }: RecordPlace): Uint8Array => block.bytes.subarray(start, start + length);

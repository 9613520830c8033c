import {
  ACTOR_FIELDS,
  ANSWER_FIELDS,
  type EventColumns,
  INTEGER_COLUMNS,
  type IntegerColumn,
  OPERATION_FIELDS,
  READING_FIELDS,
} from '../event/columns.ts';
import { TupleInterner } from '../event/tuple-interner.ts';
import { larger } from '../larger.ts';
import { TermInterner } from './terms.ts';

/** The dictionaries that one worker keeps over the blocks of an import. */
export class Dictionaries {
  readonly terms = new TermInterner();
  readonly actors = new TupleInterner(ACTOR_FIELDS.length);
  readonly operations = new TupleInterner(OPERATION_FIELDS.length);
  readonly answers = new TupleInterner(ANSWER_FIELDS.length);
  readonly readings = new TupleInterner(READING_FIELDS.length);
}

/** Columns that grow while a block is scanned. */
export class ColumnBuilder {
  count = 0;
  #capacity = 4096;
  time = new Float64Array(this.#capacity);
  elapsed = new Float64Array(this.#capacity);
  auditId = new Uint8Array(this.#capacity * 16);
  start = new Int32Array(this.#capacity);
  length = new Int32Array(this.#capacity);
  auditText = new Int32Array(this.#capacity);
  actor = new Int32Array(this.#capacity);
  address = new Int32Array(this.#capacity);
  agent = new Int32Array(this.#capacity);
  operation = new Int32Array(this.#capacity);
  namespace = new Int32Array(this.#capacity);
  name = new Int32Array(this.#capacity);
  answer = new Int32Array(this.#capacity);
  reading = new Int32Array(this.#capacity);

  /** Makes room for one more row; its values may be written, but it counts only after `count` was raised. */
  reserve(): void {
    if (this.count < this.#capacity) return;
    this.#capacity *= 2;
    for (const name of INTEGER_COLUMNS) this[name] = larger(this[name], this.#capacity);
    this.time = larger(this.time, this.#capacity);
    this.elapsed = larger(this.elapsed, this.#capacity);
    this.auditId = larger(this.auditId, this.#capacity * 16);
  }

  /** The rows so far, in arrays of their own; the builder is empty afterwards. */
  take(): EventColumns {
    const count = this.count;
    this.count = 0;
    const integers = Object.fromEntries(INTEGER_COLUMNS.map((name) => [name, this[name].slice(0, count)]));
    return {
      ...(integers as Record<IntegerColumn, Int32Array>),
      count,
      time: this.time.slice(0, count),
      elapsed: this.elapsed.slice(0, count),
      auditId: this.auditId.slice(0, count * 16),
    };
  }
}

/** The buffers of columns, for a transfer without copying. */
export function buffersOf(columns: EventColumns): ArrayBuffer[] {
  return [...INTEGER_COLUMNS.map((name) => columns[name]), columns.time, columns.elapsed, columns.auditId].map(
    (array) => array.buffer as ArrayBuffer,
  );
}

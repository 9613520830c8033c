import { emptyKey } from '../../detect/dispatch.ts';
import { isNotKnown, type KnownColumns, missingColumn, partialEvent } from '../../detect/partial-event.ts';
import { FLAGS } from '../../event/columns.ts';
import type { Expression } from '../../sigma/sigma.ts';
import type { IdColumn } from '../../store/case-columns.ts';
import type { EventIndex } from '../../store/event-index.ts';
import { rowKeys } from '../row-keys.ts';

/** What columns say of a row, in this order: the lesser of two is their `and`, the greater their `or`. */
export const VERDICT = { no: 0, open: 1, yes: 2 } as const;

/** A verdict for each row. */
export type Verdicts = Uint8Array;

type Column = keyof KnownColumns;

const ID_OF: Readonly<Record<Column, IdColumn>> = {
  operation: 'operation',
  actor: 'actor',
  answer: 'answer',
  agent: 'agent',
  namespace: 'namespace',
  addresses: 'address',
  has: 'reading',
};

/** Groups of rows into which one comparison may fall; what is beyond stays open, and events are read. */
const MOST_GROUPS = 250_000;
/** Bytes of verdicts that are kept from key to key. */
const MOST_KEPT = 64 * 1024 * 1024;

/** Rows that are alike in the columns that a comparison has asked for so far. */
interface Group {
  readonly known: KnownColumns;
  readonly verdict: number;
  /** The column that it asks for next; null: decided, or no column helps. */
  readonly next: Column | null;
}

/**
 * What the columns of a case say of the parts of rules, for all rows at once. A comparison is asked about each value of the first
 * column that it asks for, then, where that leaves it open, about the next one's; and what it said is kept, so that a key that
 * changes one value asks one comparison. Parts are joined row by row in three-valued logic.
 */
export class ColumnVerdicts {
  readonly #index: EventIndex;
  readonly #read: (row: number, column: Column) => KnownColumns[Column];
  /** By the test, which is one and the same for all that ask the same. Least recently asked first. */
  readonly #kept = new Map<Expression['test'], Verdicts>();
  readonly #unusual: Uint8Array;
  readonly hasUnusual: boolean;

  constructor(index: EventIndex) {
    this.#index = index;
    this.#read = columnReader(index);
    this.#unusual = unusualRows(index);
    this.hasUnusual = this.#unusual.includes(1);
  }

  /** Of a whole rule. Rows of which columns cannot speak are open. */
  ofRule(expression: Expression): Verdicts {
    const verdicts = this.#of(expression).slice();
    if (!this.hasUnusual) return verdicts;
    for (let row = 0; row < verdicts.length; row++) if (this.#unusual[row] === 1) verdicts[row] = VERDICT.open;
    return verdicts;
  }

  /** Whether columns decide a comparison for every row. */
  isSettled(comparison: Expression): boolean {
    return !this.#of(comparison).includes(VERDICT.open);
  }

  /** To be read only: what is kept is shared. */
  #of(part: Expression): Verdicts {
    switch (part.kind) {
      case 'all':
        return this.#joined(part, VERDICT.yes, Math.min);
      case 'any':
        return this.#joined(part, VERDICT.no, Math.max);
      case 'not':
        return this.#of(part.parts[0] as Expression).map((verdict) => VERDICT.yes - verdict);
      case 'selection':
        return this.#of(part.parts[0] as Expression);
      case 'comparison':
        return this.#ofComparison(part.test);
    }
  }

  #joined({ parts }: Expression, neutral: number, join: (a: number, b: number) => number): Verdicts {
    const [first, ...others] = parts.map((part) => this.#of(part));
    if (first === undefined) return new Uint8Array(this.#index.columns.count).fill(neutral);
    if (others.length === 0) return first;
    const joined = first.slice();
    for (const other of others)
      for (let row = 0; row < joined.length; row++) joined[row] = join(joined[row] as number, other[row] as number);
    return joined;
  }

  #ofComparison(test: Expression['test']): Verdicts {
    const known = this.#kept.get(test);
    const verdicts = known ?? this.#ask(test);
    this.#kept.delete(test);
    this.#kept.set(test, verdicts);
    const most = Math.max(8, Math.floor(MOST_KEPT / Math.max(1, verdicts.length)));
    if (this.#kept.size > most) this.#kept.delete(this.#kept.keys().next().value as Expression['test']);
    return verdicts;
  }

  #ask(test: Expression['test']): Verdicts {
    const { columns } = this.#index;
    const groups: Group[] = [askGroup(test, {})];
    const of = new Uint32Array(columns.count);
    for (let first = 0; groups.slice(first).some(({ next }) => next !== null); ) {
      const end = groups.length;
      const inner = new Map<number, Map<number, number>>();
      for (let row = 0; row < of.length; row++) {
        const number = of[row] as number;
        const { next, known } = groups[number] as Group;
        if (number < first || next === null) continue;
        const id = columns[ID_OF[next]][row] as number;
        const values = inner.get(number) ?? new Map<number, number>();
        if (values.size === 0) inner.set(number, values);
        let group = values.get(id);
        if (group === undefined) {
          group = groups.length;
          values.set(id, group);
          const more = { ...known, [next]: this.#read(row, next) };
          groups.push(group < MOST_GROUPS ? askGroup(test, more) : { known, verdict: VERDICT.open, next: null });
        }
        of[row] = group;
      }
      first = end;
    }
    const verdictOf = Uint8Array.from(groups, ({ verdict }) => verdict);
    const verdicts = new Uint8Array(of.length);
    for (let row = 0; row < of.length; row++) verdicts[row] = verdictOf[of[row] as number] as number;
    return verdicts;
  }
}

function askGroup(test: Expression['test'], known: KnownColumns): Group {
  try {
    return { known, verdict: test(partialEvent(known)) ? VERDICT.yes : VERDICT.no, next: null };
  } catch (error) {
    if (!isNotKnown(error)) throw error;
    const next = missingColumn();
    return { known, verdict: VERDICT.open, next: next !== null && !(next in known) ? next : null };
  }
}

function columnReader(index: EventIndex): (row: number, column: Column) => KnownColumns[Column] {
  const { key: keyOf, texts } = rowKeys(index);
  const key = emptyKey();
  return (row, column) => {
    keyOf(row, key);
    switch (column) {
      case 'operation':
        return texts.operation(key.operation);
      case 'actor':
        return texts.actor(key.actor);
      case 'answer':
        return texts.answer(key.answer);
      case 'agent':
        return texts.text(key.agent);
      case 'namespace':
        return texts.text(key.namespace);
      case 'addresses':
        return texts.addresses(key.address);
      case 'has':
        return {
          requestBody: (key.flags & FLAGS.hasRequestBody) !== 0,
          responseBody: (key.flags & FLAGS.hasResponseBody) !== 0,
          moreAnnotations: (key.flags & FLAGS.hasMoreAnnotations) !== 0,
        };
    }
  };
}

function unusualRows(index: EventIndex): Uint8Array {
  const { columns } = index;
  const { key: keyOf } = rowKeys(index);
  const key = emptyKey();
  const rows = new Uint8Array(columns.count);
  for (let row = 0; row < rows.length; row++) if ((keyOf(row, key).flags & FLAGS.unusual) !== 0) rows[row] = 1;
  return rows;
}

const known = new WeakMap<EventIndex, ColumnVerdicts>();

/** What was asked about the columns of a case before. */
export function columnVerdicts(index: EventIndex): ColumnVerdicts {
  const verdicts = known.get(index) ?? new ColumnVerdicts(index);
  known.set(index, verdicts);
  return verdicts;
}

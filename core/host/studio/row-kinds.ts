import type { ColumnTexts, DispatchKey } from '../../detect/dispatch.ts';
import type { EventIndex } from '../../store/event-index.ts';
import { rowKeys } from '../row-keys.ts';

/** Events of one kind are alike in all columns that dispatch asks about: what is decided for one is decided for all. */
export interface RowKinds {
  /** Kind of each row. */
  readonly of: Uint32Array;
  /** Some row of each kind. */
  readonly example: readonly number[];
  key(row: number, key: DispatchKey): DispatchKey;
  readonly texts: ColumnTexts;
}

const known = new WeakMap<EventIndex, RowKinds>();

/** The kinds of a case's events, found once: they depend on no rule. */
export function rowKinds(index: EventIndex): RowKinds {
  const kinds = known.get(index) ?? findKinds(index);
  known.set(index, kinds);
  return kinds;
}

const COLUMNS = ['operation', 'answer', 'actor', 'agent', 'namespace', 'address', 'reading'] as const;

function findKinds(index: EventIndex): RowKinds {
  const { columns } = index;
  let of: Uint32Array = new Uint32Array(columns.count);
  let example: number[] = columns.count === 0 ? [] : [0];
  // Column by column, each kind falls into those that differ in the next one.
  for (const column of COLUMNS) ({ of, example } = split(of, columns[column], example.length));
  return { of, example, ...rowKeys(index) };
}

function split(of: Uint32Array, ids: ArrayLike<number>, kinds: number): { of: Uint32Array; example: number[] } {
  const split = new Uint32Array(of.length);
  const found = Array.from({ length: kinds }, () => new Map<number, number>());
  const example: number[] = [];
  for (let row = 0; row < of.length; row++) {
    const inner = found[of[row] as number] as Map<number, number>;
    const id = ids[row] as number;
    let kind = inner.get(id);
    if (kind === undefined) {
      kind = example.length;
      inner.set(id, kind);
      example.push(row);
    }
    split[row] = kind;
  }
  return { of: split, example };
}

import type { Facet, FacetValue } from '../contract/hunt-calls.ts';
import type { EventIndex } from '../store/event-index.ts';
import { fieldOf } from './fields.ts';
import { compareNames, countIds, countKeys, elements, type GroupBy, groupsOf, largest } from './groups.ts';
import type { RowMask } from './row-mask.ts';
import { wordOf } from './word.ts';

/** Counts of values by name; null: events without one. */
interface ValueCounts {
  readonly names: readonly (string | null)[];
  readonly counts: Uint32Array;
}

export interface FacetOptions {
  readonly limit: number;
  /** Only values that hold the text, in any case. */
  readonly search?: string;
}

/** Writes the condition that selects a value of a field. */
export type WriteCondition = (field: string, value: string | null) => string;

/** Values of a field among the rows of the mask, most frequent first; null for a field that is no column. */
export function facetOf(
  index: EventIndex,
  mask: RowMask,
  field: string,
  options: FacetOptions,
  condition: WriteCondition,
): Facet | null {
  const counted = countValues(index, mask, field);
  return counted === null ? null : facetFrom(counted, field, options, condition);
}

/** A facet from values counted. */
export function facetFrom(
  { names, counts }: ValueCounts,
  field: string,
  { limit, search }: FacetOptions,
  condition: WriteCondition,
): Facet {
  const wanted = search?.toLowerCase() ?? '';
  const kept = wanted === '' ? counts : counts.map((count, at) => (holds(names[at], wanted) ? count : 0));
  const first = largest(kept, limit, (a, b) => compareNames(names[a] ?? null, names[b] ?? null));
  const values = first.map((at): FacetValue => {
    const text = names[at] ?? null;
    return { text, count: kept[at] as number, condition: condition(field, text) };
  });
  const distinct = kept.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const events = kept.reduce((sum, count) => sum + count, 0);
  return {
    field,
    values,
    others: distinct - values.length,
    otherEvents: events - values.reduce((sum, { count }) => sum + count, 0),
  };
}

const holds = (name: string | null | undefined, text: string): boolean => name?.toLowerCase().includes(text) ?? false;

function countValues(index: EventIndex, mask: RowMask, name: string): ValueCounts | null {
  if (name === 'decklog.actor') return keyed(index, mask, 'identity');
  const field = fieldOf(name, wordOf(name));
  switch (field.kind) {
    case 'text':
      return field.column === 'auditID' || field.column === 'groups' || field.column === 'sourceIPs'
        ? null
        : keyed(index, mask, field.column);
    case 'list':
      return field.column === 'groups' || field.column === 'sourceIPs' ? listed(index, mask, field.column) : null;
    case 'range':
      return field.column === 'code' ? keyed(index, mask, 'code') : null;
    case 'lastAddress':
      return keyed(index, mask, 'address');
    case 'flags':
      return flagged(index, mask);
    default:
      return null;
  }
}

function keyed(index: EventIndex, mask: RowMask, by: GroupBy): ValueCounts {
  const groups = groupsOf(index, by);
  return { names: groups.names, counts: countKeys(groups, mask) };
}

/** Each element of a list counts once for each event that has it. */
function listed(index: EventIndex, mask: RowMask, column: 'groups' | 'sourceIPs'): ValueCounts {
  const { ids, last, read } = index.texts(column);
  return gathered(countIds(ids, last, mask), (id) => [...new Set(elements(read(id)))]);
}

function flagged(index: EventIndex, mask: RowMask): ValueCounts {
  const { ids, last, read } = index.readings();
  return gathered(countIds(ids, last, mask), (id) => read(id).flags);
}

function gathered(counts: Uint32Array, valuesOf: (id: number) => readonly string[]): ValueCounts {
  const sums = new Map<string | null, number>();
  counts.forEach((count, id) => {
    if (count === 0) return;
    const values = valuesOf(id);
    for (const value of values.length === 0 ? [null] : values) sums.set(value, (sums.get(value) ?? 0) + count);
  });
  return { names: [...sums.keys()], counts: Uint32Array.from(sums.values()) };
}

/** Counts of values met one by one. */
export function countsOf(sums: ReadonlyMap<string | null, number>): ValueCounts {
  return { names: [...sums.keys()], counts: Uint32Array.from(sums.values()) };
}

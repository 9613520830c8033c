/**
 * Columns of an event row that hold text, each distinct value stored once. `groups` and `sourceIPs` are the text of a JSON
 * array; null is a missing value.
 */
export const NARROW_COLUMNS = [
  'verb',
  'user',
  'groups',
  'impersonatedUser',
  'sourceIPs',
  'userAgent',
  'apiGroup',
  'resource',
  'subresource',
  'namespace',
  'name',
  'stage',
  'level',
  'decision',
  'cluster',
  'server',
  'auditID',
] as const;

export type NarrowColumn = (typeof NARROW_COLUMNS)[number];
/** Columns of numbers; times are microseconds since 1970. */
export type RangeColumn = 'code' | 'time' | 'stageTime' | 'id';

/** What a query says about the columns alone. A null stands in no range. */
export type Narrow =
  | { readonly any: true }
  | { readonly and: readonly Narrow[] }
  | { readonly or: readonly Narrow[] }
  | { readonly not: Narrow }
  /** `equals`: the only text that it accepts, but for case. */
  | { readonly column: NarrowColumn; readonly equals?: string; accepts(value: string | null): boolean }
  | { readonly column: 'flags'; acceptsFlag(flag: string): boolean }
  /** Both bounds belong to the range. */
  | { readonly column: RangeColumn; readonly min: number; readonly max: number };

/** What the columns of one event say. */
export type ColumnValues = { readonly [column in NarrowColumn]: string | null } & {
  readonly [column in RangeColumn]: number | null;
} & {
  readonly id: number;
  readonly flags: readonly string[];
};

export const ANY: Narrow = { any: true };
export const NONE: Narrow = { not: ANY };

/**
 * What columns know of a predicate: all its events lie within `upper`, and all of `lower` are its events. `lower` is what
 * lets a negation narrow, too. Where both are the same tree, the columns decide alone.
 */
export interface Bounds {
  readonly upper: Narrow;
  readonly lower: Narrow;
}

export const UNKNOWN: Bounds = { upper: ANY, lower: NONE };

/** The bounds of a predicate that columns decide. */
export function decided(narrow: Narrow): Bounds {
  return { upper: narrow, lower: narrow };
}

export function negate(bounds: Bounds): Bounds {
  if (isDecided(bounds)) return decided({ not: bounds.upper });
  return { upper: complement(bounds.lower), lower: complement(bounds.upper) };
}

export function intersect(parts: readonly Bounds[]): Bounds {
  if (parts.every(isDecided)) return decided({ and: parts.map((part) => part.upper) });
  return { upper: every(parts.map((part) => part.upper)), lower: every(parts.map((part) => part.lower)) };
}

export function unite(parts: readonly Bounds[]): Bounds {
  if (parts.every(isDecided)) return decided({ or: parts.map((part) => part.upper) });
  return { upper: some(parts.map((part) => part.upper)), lower: some(parts.map((part) => part.lower)) };
}

export function isDecided(bounds: Bounds): boolean {
  return bounds.upper === bounds.lower;
}

function complement(narrow: Narrow): Narrow {
  return narrow === ANY ? NONE : narrow === NONE ? ANY : { not: narrow };
}

function every(parts: readonly Narrow[]): Narrow {
  if (parts.includes(NONE)) return NONE;
  const left = parts.filter((part) => part !== ANY);
  return left.length === 0 ? ANY : left.length === 1 ? (left[0] as Narrow) : { and: left };
}

function some(parts: readonly Narrow[]): Narrow {
  if (parts.includes(ANY)) return ANY;
  const left = parts.filter((part) => part !== NONE);
  return left.length === 0 ? NONE : left.length === 1 ? (left[0] as Narrow) : { or: left };
}

/** Whether the columns of one event lie within the tree: what a store does for all rows at once. */
export function admits(narrow: Narrow, row: ColumnValues): boolean {
  if ('any' in narrow) return true;
  if ('and' in narrow) return narrow.and.every((part) => admits(part, row));
  if ('or' in narrow) return narrow.or.some((part) => admits(part, row));
  if ('not' in narrow) return !admits(narrow.not, row);
  if ('accepts' in narrow) return narrow.accepts(row[narrow.column]);
  if ('acceptsFlag' in narrow) return row.flags.some((flag) => narrow.acceptsFlag(flag));
  const value = row[narrow.column];
  return value !== null && value >= narrow.min && value <= narrow.max;
}

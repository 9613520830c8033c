import type { Fault } from './fault.ts';
import type { FileTicket, Scope } from './scope.ts';

/** What may stand at the place of the cursor. Offsets are UTF-16 units in the query. */
export interface Completion {
  /** What a choice replaces. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly CompletionOption[];
}

export interface CompletionOption {
  readonly kind: 'field' | 'value' | 'word';
  /** To show. */
  readonly label: string;
  /** To write. */
  readonly text: string;
  /** Events that have the value; null where it is not counted. */
  readonly count: number | null;
  readonly detail: string | null;
}

export interface QueryCheck {
  /** Null: it can be run. `at.column` counts from 1. */
  readonly fault: Fault | null;
  /** Whether columns alone decide: such a query is counted at once. */
  readonly isExact: boolean;
  /** The query once more, piece by piece, to be coloured. */
  readonly pieces: readonly QueryPiece[];
}

export interface QueryPiece {
  readonly from: number;
  readonly to: number;
  readonly kind: 'field' | 'value' | 'operator' | 'word' | 'text' | 'bracket';
}

export interface FieldInfo {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** Whether columns hold it: facets and completion of values are at once then. */
  readonly isColumn: boolean;
  readonly group: 'who' | 'what' | 'where' | 'how' | 'log' | 'derived';
}

export interface FacetValue {
  /** Null: events without the field. */
  readonly text: string | null;
  readonly count: number;
  /** The condition that selects it. */
  readonly condition: string;
}

export interface Facet {
  readonly field: string;
  readonly values: readonly FacetValue[];
  /** Distinct values that are not listed, and their events. */
  readonly others: number;
  readonly otherEvents: number;
}

export interface Facets {
  /** Events that fit. */
  readonly total: number;
  readonly facets: readonly Facet[];
}

export interface SavedQuery {
  readonly id: number;
  readonly name: string;
  readonly kind: 'query' | 'sql';
  readonly text: string;
  readonly examiner: string;
  readonly time: number;
}

export interface SqlTable {
  readonly name: string;
  readonly about: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export type SqlValue = string | number | null;

export interface SqlResult {
  readonly columns: readonly string[];
  /** Whole numbers beyond 2^53 and blobs come as text (decimal, `x'..'`). */
  readonly rows: readonly (readonly SqlValue[])[];
  /** Whether `limit` cut it. */
  readonly isCut: boolean;
  readonly elapsedMs: number;
}

export const SQL_LIMITS = { rows: 10_000, timeoutMs: 60_000, bytes: 16 * 1024 * 1024 } as const;

export interface HuntCalls {
  'hunt/check': (req: { readonly query: string }) => QueryCheck;
  'hunt/complete': (req: { readonly query: string; readonly cursor: number; readonly scope?: Scope }) => Completion;
  'hunt/fields': (req: Record<string, never>) => readonly FieldInfo[];
  /** `search` narrows the values of every facet to those that hold the text. */
  'hunt/facets': (req: {
    readonly scope: Scope;
    readonly fields: readonly string[];
    readonly limit: number;
    readonly search?: string;
  }) => Facets;
  'hunt/saved': (req: Record<string, never>) => readonly SavedQuery[];
  /** Under a name that exists: in its place. Admin. */
  'hunt/save': (req: { readonly name: string; readonly kind: 'query' | 'sql'; readonly text: string }) => SavedQuery;
  'hunt/forget': (req: { readonly id: number }) => { readonly action: number };

  'sql/schema': (req: Record<string, never>) => readonly SqlTable[];
  /** One SELECT on a connection of its own, which can be killed: cancel the call. Bounded by `SQL_LIMITS`. */
  'sql/run': (req: { readonly sql: string; readonly limit: number; readonly timeoutMs: number }) => SqlResult;

  /** What is seen, as a file; cells that a spreadsheet would run are defused. Recorded. */
  'export/events': (req: {
    readonly scope: Scope;
    readonly order: 'oldest' | 'newest';
    readonly fields: readonly string[];
    readonly format: 'csv' | 'jsonl';
  }) => FileTicket;
  'export/sql': (req: { readonly sql: string; readonly format: 'csv' | 'jsonl' }) => FileTicket;
}

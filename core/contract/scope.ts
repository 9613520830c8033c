/**
 * Shapes that many calls share. All of them are plain JSON: no dates, no bytes, no undefined in lists. Times are integer
 * microseconds since 1970 UTC; ranges include both ends.
 */

export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Which events a view looks at: a query (docs/query-language.md; empty: all) within a range (none: the whole case). */
export interface Scope {
  readonly query: string;
  readonly range?: TimeRange;
}

/** How a column of time, or a bar, is split. */
export type StackBy = 'level' | 'verb' | 'outcome' | 'actor';
export const STACKS: readonly StackBy[] = ['level', 'verb', 'outcome', 'actor'];

/** What a lane of the timeline stands for. */
export type LaneBy = 'identity' | 'namespace' | 'object' | 'address';
export const LANE_KINDS: readonly LaneBy[] = ['identity', 'namespace', 'object', 'address'];

/** Kinds of entities. `name` of an object kind is written `namespace/resource/name`, of a cluster-wide one `resource/name`. */
export type EntityKind =
  | 'user'
  | 'serviceaccount'
  | 'address'
  | 'agent'
  | 'image'
  | 'namespace'
  | 'node'
  | 'workload'
  | 'object';
export const ENTITY_KINDS: readonly EntityKind[] = [
  'user',
  'serviceaccount',
  'address',
  'agent',
  'image',
  'namespace',
  'node',
  'workload',
  'object',
];

export interface EntityRef {
  readonly kind: EntityKind;
  readonly name: string;
}

/** Rows of one page and how to go on. Pages go by key: pass `next` as `after`. */
export interface Page<Row, Key> {
  readonly rows: readonly Row[];
  /** Key of the page that follows, null at the end. */
  readonly next: Key | null;
}

/** A file that a call has made ready; the door hands it out once (`DecklogBridge.save`). */
export interface FileTicket {
  readonly token: string;
  /** Proposed name. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

/** Most rows that a page may have. */
export const MOST_ROWS = 500;

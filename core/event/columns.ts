/** The narrow columns of events: the form in which a parse worker hands them over and the case keeps them. */

/** Fields of the tuples that events share, in the order of their numbers (all but codes and flags are term ids, 0 is absent). */
export const ACTOR_FIELDS = ['user', 'groups', 'impersonatedUser'] as const;
export const OPERATION_FIELDS = ['verb', 'apiGroup', 'resource', 'subresource'] as const;
/** `code` is 0 where there is none. */
export const ANSWER_FIELDS = ['stage', 'level', 'code', 'decision'] as const;
/** `form` is an index into FORMS, `flags` bits of FLAGS; server and cluster are what the wrapper says. */
export const READING_FIELDS = ['form', 'inner', 'format', 'flags', 'server', 'cluster'] as const;

export const FORMS = ['verbatim', 'wrapped', 'rebuilt'] as const;
export const FLAGS = {
  ambiguous: 1,
  invalidUtf8: 2,
  rebuilt: 4,
  truncatedBody: 8,
  hasRequestBody: 16,
  hasResponseBody: 32,
  /** Annotations besides the authorizer's decision and reason. */
  hasMoreAnnotations: 64,
  /** Keys or types that no API server writes (canonical.ts): columns cannot speak for such an event. */
  unusual: 128,
} as const;

/** Columns of integers: places in the block, and ids of terms and tuples (0: absent). */
export const INTEGER_COLUMNS = [
  'start',
  'length',
  'auditText',
  'actor',
  'address',
  'agent',
  'operation',
  'namespace',
  'name',
  'answer',
  'reading',
] as const;

export type IntegerColumn = (typeof INTEGER_COLUMNS)[number];

/** The narrow columns of a block's events, as plain typed arrays that can be sent to another thread. */
export interface EventColumns extends Readonly<Record<IntegerColumn, Int32Array>> {
  readonly count: number;
  /** Microseconds since 1970 UTC; NaN where the event has no time. */
  readonly time: Float64Array;
  /** Microseconds from `time` to the time of the stage. */
  readonly elapsed: Float64Array;
  /** 16 bytes an event; zero where `auditText` holds an id that is no lower-case UUID. */
  readonly auditId: Uint8Array;
}

/** Dictionary entries that a block is the first to need, in the order of their ids (the worker's own, from 1 on). */
export interface AddedEntries {
  /** The worker has forgotten all entries before these: ids start again from 1. */
  readonly isAfresh: boolean;
  readonly terms: readonly string[];
  readonly actors: Int32Array;
  readonly operations: Int32Array;
  readonly answers: Int32Array;
  readonly readings: Int32Array;
}

/** A record that is no event, with its place in the block. */
export interface RejectedPlace {
  readonly start: number;
  readonly end: number;
  readonly kind: 'skipped' | 'malformed';
  readonly reason: string;
  readonly auditID: string | null;
  /** Records in this place: more than one where a block holds so many that neighbours share a line. */
  readonly count: number;
}

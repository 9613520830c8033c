/** A place in a text or file that a message is about. Lines and columns count from 1, offsets are bytes from 0. */
export interface Place {
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly offset?: number;
}

/** Codes of faults that a user can act on; `bug` is anything unforeseen. */
export type FaultCode =
  | 'usage'
  | 'cancelled'
  | 'case/missing'
  | 'case/exists'
  | 'case/not-a-case'
  | 'case/newer'
  | 'case/damaged'
  | 'case/busy'
  | 'case/read-only'
  | 'case/no-room'
  | 'import/unreadable'
  | 'import/nothing'
  | 'event/unknown'
  | 'entity/unknown'
  | 'object/unknown'
  | 'alert/unknown'
  | 'incident/unknown'
  | 'alert/reason-missing'
  | 'suppression/unknown'
  | 'annotation/invalid'
  | 'query/invalid'
  | 'rule/invalid'
  | 'list/invalid'
  | 'foreign/invalid'
  | 'baseline/invalid'
  | 'rule/unreadable'
  /** Somebody else has changed it since it was opened. */
  | 'rule/changed'
  | 'mark/unknown'
  | 'sql/invalid'
  | 'sql/limit'
  | 'engine/lost'
  | 'output/unwritable'
  | 'bundle/unreadable'
  | 'key/invalid'
  | 'bug';

/** What a failed call answers: one sentence on what and where, and a hint on what to do next. */
export interface Fault {
  readonly code: FaultCode;
  readonly message: string;
  readonly hint?: string;
  readonly at?: Place;
  /** The problems of a rule, with `rule/invalid`. */
  readonly problems?: readonly Problem[];
}

/** One diagnostic of a rule text. */
export interface Problem {
  readonly path: string;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** What to write instead, where the engine can tell. */
  readonly suggestion?: string;
}

/** Nothing is thrown across a process boundary: calls answer with a value or a fault. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

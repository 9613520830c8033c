import type { EventPlace, EventRow, Level } from './rows.ts';
import type { LaneBy, Scope, StackBy, TimeRange } from './scope.ts';

/** What people have put on a thing, in short. */
export interface MarkGlance {
  readonly isStarred: boolean;
  readonly tags: readonly string[];
  readonly notes: number;
}

/** One event as a list shows it. */
export interface EventLine {
  readonly id: number;
  /** Null where the record has no time. */
  readonly time: number | null;
  readonly stageTime: number | null;
  readonly auditID: string;
  readonly stage: string;
  readonly level: string;
  readonly verb: string;
  readonly user: string;
  readonly impersonatedUser: string | null;
  readonly apiGroup: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly code: number | null;
  readonly decision: string | null;
  readonly sourceIPs: readonly string[];
  readonly userAgent: string | null;
  readonly cluster: string | null;
  readonly server: string | null;
  readonly flags: readonly string[];
  /** What happened, in a sentence. */
  readonly summary: string;
  /** The highest level of an alert that this event proves. */
  readonly alertLevel: Level | null;
  readonly marks: MarkGlance;
  /** Values of the fields asked for beyond these, in their order. */
  readonly more: readonly (string | null)[];
}

/** Where a page of events begins, in the order asked for. */
export type EventStart =
  | { readonly at: 'start' }
  | { readonly at: 'end' }
  | { readonly at: 'after' | 'before' | 'around'; readonly event: number }
  /** The first event at or after that time (at or before, newest first). */
  | { readonly at: 'time'; readonly time: number }
  /** By number from 0 among those that fit: a jump into the middle. */
  | { readonly at: 'ordinal'; readonly ordinal: number };

export interface EventPage {
  readonly rows: readonly EventLine[];
  /** Number of the first row among those that fit; null while it is not known (a query that must read events). */
  readonly ordinal: number | null;
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
}

/** A value of the event at a path, for the table of fields. */
export interface ParsedField {
  /** As the query language writes it. */
  readonly field: string;
  readonly value: string;
  /** Ready to be put into a query: `verb:create`. */
  readonly condition: string;
}

export interface MatchedField {
  readonly alert: number;
  readonly rule: string;
  /** Path in the event. */
  readonly field: string;
  readonly value: string;
}

export interface EventDetail {
  readonly event: EventRow;
  readonly line: EventLine;
  readonly fields: readonly ParsedField[];
  /** The canonical event, indented JSON text; `isJsonCut` where it is longer than `MOST_DETAIL_CHARACTERS`. */
  readonly json: string;
  readonly isJsonCut: boolean;
  /** Bodies as indented JSON text, null where the record has none. */
  readonly requestObject: string | null;
  readonly responseObject: string | null;
  readonly matched: readonly MatchedField[];
  /** Alerts that it proves. */
  readonly alerts: readonly { readonly id: number; readonly title: string; readonly level: Level }[];
  /** Places with a citation to copy (hash, member, offset, length), the representing one first. */
  readonly places: readonly (EventPlace & { readonly citation: string })[];
  /** SHA-256 of the original bytes, and how many there are. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Other stages of the same request. */
  readonly stages: readonly EventLine[];
}

export const MOST_DETAIL_CHARACTERS = 2 ** 20;

/** A piece of the original bytes. */
export interface RawPiece {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly base64: string;
}

export interface HistogramBar {
  /** Counts in the order of `series`. */
  readonly counts: readonly number[];
}

export interface Histogram {
  readonly range: TimeRange;
  /** Microseconds a bar. */
  readonly step: number;
  /** Names of the stack, most frequent first; the last may be the rest (`other` counts how many names it joins). */
  readonly series: readonly string[];
  readonly other: number;
  readonly bars: readonly HistogramBar[];
  /** Alerts by bar: count and highest level. */
  readonly alerts: readonly { readonly bar: number; readonly count: number; readonly level: Level }[];
  readonly gaps: readonly TimeRange[];
  /** Events that fit and have no time. */
  readonly untimed: number;
}

/** Alerts that fall together on a lane. */
export interface AlertMark {
  readonly bin: number;
  readonly level: Level;
  readonly alerts: number;
  /** The alert, where it is one. */
  readonly id: number | null;
  readonly from: number;
  readonly to: number;
}

export interface Lane {
  /** Name of the lane; null joins what has none. */
  readonly name: string | null;
  readonly events: number;
  /** Condition that selects it: `user:"..."`. */
  readonly condition: string;
  /** Events per bin. */
  readonly bins: readonly number[];
  /** Of them, those that were denied or failed. */
  readonly denied: readonly number[];
  readonly marks: readonly AlertMark[];
}

export interface Lanes {
  readonly range: TimeRange;
  readonly step: number;
  /** Those with alerts first, then by count. */
  readonly lanes: readonly Lane[];
  /** Lanes that are not shown, and their events. */
  readonly hidden: number;
  readonly hiddenEvents: number;
}

/** Events by weekday (0: Monday) and hour, UTC. */
export interface HeatMap {
  readonly cells: readonly (readonly number[])[];
  readonly most: number;
}

export interface EventCalls {
  /** `fields`: further fields, a value each in `EventLine.more`. `limit` at most `MOST_ROWS`. */
  'events/page': (req: {
    readonly scope: Scope;
    readonly order: 'oldest' | 'newest';
    readonly start: EventStart;
    readonly limit: number;
    readonly fields?: readonly string[];
  }) => EventPage;
  /** Tells progress where events must be read. */
  'events/count': (req: { readonly scope: Scope }) => { readonly count: number };
  'events/detail': (req: { readonly id: number }) => EventDetail;
  'events/raw': (req: { readonly id: number; readonly offset: number; readonly length: number }) => RawPiece;
  /** The last write of the same object before this event whose body was recorded, or null. */
  'events/previous-write': (req: { readonly id: number }) => {
    readonly event: EventLine;
    readonly object: string;
  } | null;
  /** An event by id, auditID or time, whichever the text is; null if none. */
  'events/find': (req: { readonly text: string; readonly scope: Scope }) => {
    readonly id: number;
    readonly ordinal: number | null;
  } | null;
  'events/histogram': (req: { readonly scope: Scope; readonly bins: number; readonly stack: StackBy }) => Histogram;
  'events/lanes': (req: {
    readonly scope: Scope;
    readonly by: LaneBy;
    readonly bins: number;
    readonly limit: number;
  }) => Lanes;
  'events/heat': (req: { readonly scope: Scope }) => HeatMap;
}

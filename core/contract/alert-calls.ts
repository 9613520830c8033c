import type { EventLine, MarkGlance } from './event-calls.ts';
import type { Alert, Level, Outcome, Status } from './rows.ts';
import type { EntityRef, FileTicket, Page, TimeRange } from './scope.ts';

/** All conditions must hold; within a list one. */
export interface AlertFilter {
  /** This level and above. */
  readonly level?: Level;
  readonly levels?: readonly Level[];
  readonly statuses?: readonly Status[];
  /** Ids of rules. */
  readonly rules?: readonly string[];
  /** 0: in no incident. */
  readonly incidents?: readonly number[];
  readonly users?: readonly string[];
  readonly objects?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly tactics?: readonly string[];
  readonly outcomes?: readonly Outcome[];
  readonly tags?: readonly string[];
  readonly isStarred?: boolean;
  /** An entity that an alert names in any part. */
  readonly entity?: EntityRef;
  /** In title, sentence, user, object or rule, in any case. */
  readonly text?: string;
  readonly range?: TimeRange;
  /** Unset: only those that no suppression hides; true: only those that one hides. */
  readonly isSuppressed?: boolean;
}

export type AlertGroupBy = 'incident' | 'rule' | 'identity' | 'object' | 'none';

export interface AlertLine {
  readonly id: number;
  readonly key: string;
  readonly rule: { readonly id: string; readonly title: string };
  readonly level: Level;
  readonly status: Status;
  readonly title: string;
  readonly summary: string;
  readonly outcome: Outcome;
  readonly user: string;
  readonly impersonatedUser: string | null;
  readonly sourceIPs: readonly string[];
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly object: string | null;
  readonly firstTime: number | null;
  readonly lastTime: number | null;
  readonly count: number;
  readonly eventCount: number;
  readonly tactics: readonly string[];
  readonly incident: number | null;
  readonly isSuppressed: boolean;
  readonly marks: MarkGlance;
}

export interface AlertGroup {
  /** To ask for its alerts: `AlertsPage.group`. */
  readonly key: string;
  readonly title: string;
  readonly level: Level;
  readonly alerts: number;
  readonly open: number;
  readonly firstTime: number | null;
  readonly lastTime: number | null;
}

export interface Counted {
  readonly text: string;
  readonly title: string;
  readonly count: number;
}

export interface AlertCounts {
  readonly total: number;
  readonly open: number;
  readonly suppressed: number;
  readonly byLevel: Readonly<Record<Level, { readonly total: number; readonly open: number }>>;
  readonly byStatus: Readonly<Record<Status, number>>;
  /** Most frequent first, at most 50 each. */
  readonly rules: readonly Counted[];
  readonly users: readonly Counted[];
  readonly objects: readonly Counted[];
  readonly namespaces: readonly Counted[];
  readonly tactics: readonly Counted[];
  readonly tags: readonly Counted[];
}

/** Why it fired: a field of the rule and what the event held. */
export interface MatchedCondition {
  readonly event: number;
  readonly field: string;
  readonly value: string;
  /** What the rule asked for, where it can be told. */
  readonly wanted: string | null;
}

/** What a baseline had learnt. Times in microseconds. */
export interface LearntFigures {
  readonly from: number;
  readonly to: number;
  readonly events: number;
  /** Distinct values known. */
  readonly known: number;
  /** Some of them. */
  readonly examples: readonly string[];
  readonly fresh: readonly string[];
  readonly text: string;
}

/** A next step as a button. */
export type Pivot =
  | { readonly kind: 'events'; readonly query: string; readonly range?: TimeRange }
  | { readonly kind: 'entity'; readonly entity: EntityRef }
  | { readonly kind: 'alerts'; readonly filter: AlertFilter }
  | { readonly kind: 'event'; readonly event: number }
  | { readonly kind: 'timeline'; readonly range: TimeRange; readonly query: string };

export interface NextStep {
  readonly text: string;
  readonly pivot: Pivot | null;
}

export interface AlertHistory {
  readonly action: number;
  readonly time: number;
  readonly examiner: string;
  readonly text: string;
}

/** Who really acted stands in `alert.actor`. */
export interface AlertDetail {
  readonly alert: Alert;
  readonly line: AlertLine;
  readonly why: readonly MatchedCondition[];
  /** The first proving events; page on with `alerts/proof`. */
  readonly proof: Page<EventLine, number>;
  readonly before: readonly EventLine[];
  readonly after: readonly EventLine[];
  readonly learnt: LearntFigures | null;
  readonly ruleText: string;
  readonly ruleReferences: readonly string[];
  readonly attack: readonly { readonly id: string; readonly name: string; readonly tactic: string | null }[];
  readonly defender: { readonly id: string; readonly name: string } | null;
  readonly falsePositives: readonly string[];
  readonly nextSteps: readonly NextStep[];
  /** What the log could not have shown about it. */
  readonly blindSpots: readonly string[];
  readonly history: readonly AlertHistory[];
  readonly reason: string;
  readonly suppressedBy: { readonly id: number; readonly reason: string; readonly examiner: string } | null;
}

export interface AlertCalls {
  'alerts/counts': (req: { readonly filter: AlertFilter }) => AlertCounts;
  /** At most 1,000 groups, the gravest first, then by time. */
  'alerts/groups': (req: { readonly filter: AlertFilter; readonly by: AlertGroupBy }) => readonly AlertGroup[];
  /** `order` time: first seen first; level: the gravest first. `after`: id of the last alert of the page before. */
  'alerts/page': (req: {
    readonly filter: AlertFilter;
    readonly group?: { readonly by: AlertGroupBy; readonly key: string };
    readonly order: 'time' | 'level';
    readonly after?: number;
    readonly limit: number;
  }) => Page<AlertLine, number> & { readonly total: number };
  'alerts/detail': (req: { readonly id: number }) => AlertDetail;
  'alerts/proof': (req: {
    readonly id: number;
    readonly after?: number;
    readonly limit: number;
  }) => Page<EventLine, number>;
  /** A status but `open` needs a reason. `action` can be undone. Admin. */
  'alerts/decide': (req: { readonly ids: readonly number[]; readonly status: Status; readonly reason: string }) => {
    readonly action: number;
    readonly changed: number;
  };
  'export/alerts': (req: { readonly filter: AlertFilter; readonly format: 'csv' | 'jsonl' }) => FileTicket;
}

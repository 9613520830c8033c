import type { EventLine, HeatMap, MarkGlance } from './event-calls.ts';
import type { HistoryState, Level, ObjectHistory } from './rows.ts';
import type { EntityKind, EntityRef, Page, Scope, TimeRange } from './scope.ts';

export interface EntityLine {
  readonly entity: EntityRef;
  readonly title: string;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  readonly events: number;
  readonly denied: number;
  readonly writes: number;
  readonly alerts: number;
  readonly alertLevel: Level | null;
  readonly marks: MarkGlance;
}

export interface EntityCountOf {
  readonly field: string;
  readonly title: string;
  readonly values: readonly { readonly text: string; readonly count: number; readonly condition: string }[];
  readonly others: number;
}

/** Something about an entity that stands out, with what was usual. */
export interface Unusual {
  readonly text: string;
  readonly usual: string;
  readonly event: number | null;
  readonly alert: number | null;
}

export interface EntityDetail {
  readonly line: EntityLine;
  /** Condition of the query language that selects its events. */
  readonly condition: string;
  readonly rhythm: HeatMap;
  /** Events a day, from the first day. */
  readonly days: { readonly from: number; readonly counts: readonly number[] };
  readonly uses: readonly EntityCountOf[];
  readonly unusual: readonly Unusual[];
  readonly firstEvents: readonly EventLine[];
  /** Names that stand for the same actor, with how sure that is. */
  readonly alsoKnownAs: readonly { readonly entity: EntityRef; readonly why: string; readonly sureness: string }[];
}

/** Used against granted, as the log shows it. */
export interface AccessRow {
  readonly resource: string;
  readonly namespaces: readonly string[];
  readonly verbs: readonly { readonly verb: string; readonly used: number; readonly isGranted: boolean }[];
  readonly used: number;
  readonly lastUsed: number | null;
  readonly grantedBy: readonly string[];
}

export interface GraphNode {
  readonly entity: EntityRef;
  readonly title: string;
  readonly weight: number;
  readonly alerts: number;
  readonly level: Level | null;
  /** Of its middle; the engine lays the graph out. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly events: number;
  readonly level: Level | null;
  readonly condition: string;
}

export interface RelationRow {
  readonly relation: string;
  readonly entity: EntityRef;
  readonly events: number;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  readonly alerts: number;
}

/** `edges` name nodes by their place in `nodes`. */
export interface Relations {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly width: number;
  readonly height: number;
  readonly total: number;
  readonly table: readonly RelationRow[];
}

/** A shell, an attachment or a forwarded port. */
export interface ShellSession {
  readonly event: number;
  readonly kind: 'exec' | 'attach' | 'portforward' | 'proxy' | 'ephemeral';
  readonly user: string;
  readonly namespace: string | null;
  readonly pod: string | null;
  readonly container: string | null;
  readonly command: readonly string[];
  readonly isInteractive: boolean;
  readonly ports: readonly string[];
  readonly sourceIPs: readonly string[];
  readonly userAgent: string | null;
  readonly startedAt: number | null;
  /** Microseconds; null where the log does not hold its end. */
  readonly duration: number | null;
  readonly code: number | null;
  /** What the pod's identity or the user did right after. */
  readonly followed: readonly EventLine[];
  readonly followedText: string;
}

/** One state of an object, as a list shows it. Values of changes are JSON, cut at 400 characters. */
export interface ObjectStateLine {
  readonly event: number;
  /** Microseconds. */
  readonly time: number | null;
  readonly user: string;
  readonly verb: string;
  readonly code: number | null;
  readonly summary: string;
  readonly step: HistoryState['step'];
  readonly sureness: HistoryState['sureness'];
  /** The first 40. */
  readonly changes: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[];
  readonly moreChanges: number;
  readonly note: string | null;
}

export interface EntityCalls {
  /** Images stand in bodies: of a large case they are left out until their list has been read. */
  'entities/kinds': (req: { readonly range?: TimeRange }) => readonly {
    readonly kind: EntityKind;
    readonly count: number;
    readonly withAlerts: number;
  }[];
  /** `after` is the `next` of the page before. */
  'entities/page': (req: {
    readonly kind: EntityKind;
    readonly text?: string;
    readonly range?: TimeRange;
    readonly order: 'events' | 'alerts' | 'first' | 'last' | 'name' | 'denied';
    readonly after?: string;
    readonly limit: number;
  }) => Page<EntityLine, string> & { readonly total: number };
  'entities/detail': (req: { readonly entity: EntityRef; readonly range?: TimeRange }) => EntityDetail;
  'entities/relations': (req: {
    readonly entity: EntityRef;
    readonly range?: TimeRange;
    readonly limit: number;
  }) => Relations;
  'entities/access': (req: { readonly entity: EntityRef; readonly at?: number }) => {
    readonly rows: readonly AccessRow[];
    readonly leastRole: string;
    readonly notes: readonly string[];
  };
  /** What became of an object, newest first; `after` is the event of the last state of the page before. Raises `object/unknown`. */
  'objects/history': (req: { readonly object: string; readonly after?: number; readonly limit: number }) => Page<
    ObjectStateLine,
    number
  > & {
    readonly total: number;
    /** Whether it was there when the log ends. */
    readonly exists: ObjectHistory['exists'];
    readonly notes: readonly string[];
  };
  'sessions/page': (req: {
    readonly scope: Scope;
    readonly after?: number;
    readonly limit: number;
  }) => Page<ShellSession, number>;
  /** Entities, alerts, incidents, rules and events whose names hold the text: the search of the top bar. */
  'search/all': (req: { readonly text: string; readonly limit: number }) => readonly SearchHit[];
}

export type SearchHit =
  | { readonly kind: 'entity'; readonly entity: EntityRef; readonly title: string; readonly detail: string }
  | {
      readonly kind: 'alert' | 'incident' | 'event';
      readonly id: number;
      readonly title: string;
      readonly detail: string;
    }
  | { readonly kind: 'rule'; readonly id: string; readonly title: string; readonly detail: string };

import type { Level } from './alert-rows.ts';
import type { EntityKind } from './scope.ts';

/** One entity as the command line lists it. */
export interface EntityRow {
  readonly kind: EntityKind;
  readonly name: string;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  /** Events that concern it; of them, those refused or failed, and those that are no reads. */
  readonly events: number;
  readonly denied: number;
  readonly writes: number;
  readonly alerts: number;
  readonly alertLevel: Level | null;
  /** The query that selects its events. */
  readonly condition: string;
}

/** An object by its place; `apiGroup` null: of any group. */
export interface ObjectName {
  readonly namespace: string | null;
  readonly resource: string;
  readonly apiGroup: string | null;
  readonly name: string;
}

/** One state of an object: what became of it by a request, and how well that is known (core/history). */
export interface HistoryState {
  readonly event: number;
  readonly auditID: string;
  readonly time: string | null;
  readonly user: string;
  readonly verb: string;
  readonly subresource: string | null;
  readonly code: number | null;
  readonly summary: string;
  readonly step: 'created' | 'updated' | 'patched' | 'deleting' | 'deleted' | 'seen' | 'touched' | 'attempt';
  readonly sureness: 'recorded' | 'rebuilt' | 'partial' | 'unknown';
  /** JSON of the object after it; null: there is none, or nothing is known of it. */
  readonly object: unknown;
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
  readonly note: string | null;
}

export interface ObjectHistory {
  readonly object: ObjectName;
  /** Whether it was there when the log ends. */
  readonly exists: 'yes' | 'no' | 'unknown';
  readonly states: readonly HistoryState[];
  readonly notes: readonly string[];
}

/** A right that an identity had by a role. */
export interface AccessGrant {
  /** The binding, or the group that needs none. */
  readonly by: string;
  readonly role: string;
  /** Where it holds; null: everywhere. */
  readonly namespace: string | null;
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: all. */
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
  /** Requests that it would have allowed. */
  readonly used: number;
}

/** Requests of one kind that an identity made. */
export interface AccessUse {
  readonly verb: string;
  readonly apiGroup: string | null;
  /** `pods`, `pods/exec`; null for a request of a path. */
  readonly resource: string | null;
  readonly namespace: string | null;
  /** Path of a request without a resource. */
  readonly url: string | null;
  readonly allowed: number;
  readonly denied: number;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  /** Whether the rights that the log holds allow it; `unknown` where it does not hold all of them. */
  readonly granted: 'yes' | 'no' | 'unknown';
  readonly by: readonly string[];
}

/** What an identity could do at a time, and what it did until then. */
export interface Access {
  readonly subject: {
    readonly name: string;
    readonly kind: 'user' | 'serviceaccount' | 'group';
    readonly groups: readonly string[];
  };
  /** Null: when the log ends. */
  readonly at: string | null;
  readonly bindings: readonly {
    readonly binding: string;
    readonly namespace: string | null;
    readonly role: string;
    readonly via: string;
    /** Written or read in the log, or only named by the server when it allowed a request. */
    readonly known: 'recorded' | 'by use';
    /** Whether the log holds the rules of the role. */
    readonly hasRules: boolean;
    readonly event: number;
  }[];
  readonly grants: readonly AccessGrant[];
  readonly used: readonly AccessUse[];
  /** What the log does not tell. */
  readonly notes: readonly string[];
  /** Roles that allow what was used and allowed, and nothing else, as YAML. */
  readonly leastRole: string;
}

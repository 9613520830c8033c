import type { LimitHit } from './limits.ts';
import type { EntityKind } from './scope.ts';

/** Shapes that the command line and the window show (docs: reference of the command line). Times are RFC 3339 UTC with microseconds. */

export interface Gap {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Something in the evidence itself that is missing or does not fit together. */
export interface LogGap extends Gap {
  /**
   * `silence`: a pause in the rhythm of a server; `edge`: its log begins later or ends earlier than those of the others; `rotation`: a
   * file of a sequence is missing; `clock`: times that jump; `stages`: first or last stages that are missing; `conflict`: ids that
   * were used again with other content.
   */
  readonly kind: 'silence' | 'edge' | 'rotation' | 'clock' | 'stages' | 'conflict';
  readonly server: string | null;
  readonly cluster: string | null;
  /** Paths of the ledger lines that it is about. */
  readonly paths: readonly string[];
}

export interface RejectedMember {
  readonly path: string;
  readonly reason: string;
}

/** One line of the ledger: a member that was read, or an archive with counts 0 and format null. */
export interface Evidence {
  readonly id: number;
  readonly path: string;
  readonly sha256: string;
  readonly file: { readonly path: string; readonly sha256: string };
  readonly bytes: number;
  readonly containers: readonly string[];
  readonly format: string | null;
  readonly encoding: string;
  readonly eventCount: number;
  readonly uniqueEvents: number;
  readonly duplicates: number;
  readonly skippedRecords: number;
  readonly malformedRecords: number;
  readonly records: number;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly nearMiss?: string;
  readonly limitHit?: LimitHit;
  readonly rejectedMembers?: readonly RejectedMember[];
  readonly warnings: readonly string[];
  readonly gaps: readonly Gap[];
  readonly server: string | null;
  readonly cluster: string | null;
  readonly label?: string;
}

/** How an event's bytes stand in the evidence (decision 2). */
export type Form = 'verbatim' | 'wrapped' | 'rebuilt';

export interface EventPlace {
  readonly file: string;
  readonly path: string;
  readonly sha256: string;
  readonly offset: number;
  readonly length: number;
  readonly inner: string | null;
  readonly form: Form;
  readonly wrapped: boolean;
}

export interface EventRow {
  readonly id: number;
  readonly auditID: string;
  readonly stage: string;
  readonly level: string;
  readonly time: string;
  readonly stageTime: string;
  readonly verb: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly impersonatedUser: string | null;
  readonly sourceIPs: readonly string[];
  readonly userAgent: string | null;
  readonly apiGroup: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly requestURI: string;
  readonly code: number | null;
  readonly decision: string | null;
  readonly cluster: string | null;
  readonly server: string | null;
  readonly flags: readonly string[];
  readonly summary: string;
  readonly evidence: EventPlace;
  /** Other places where the same event stands. */
  readonly copies: readonly EventPlace[];
}

export interface RejectedRecord {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  readonly kind: 'skipped' | 'malformed';
  readonly reason: string;
  readonly auditID: string | null;
  /** Neighbours that share this line, where a log holds very many that were skipped for one reason. */
  readonly count?: number;
  /** The record's bytes as text where they are UTF-8, else base64. */
  readonly bytes: string;
  readonly encoding: 'utf-8' | 'base64';
  /** Set when only the first part of a very long record is shown. */
  readonly truncated?: true;
}

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export const LEVELS: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical'];

export type Status = 'open' | 'confirmed' | 'benign' | 'dismissed';
export const STATUSES: readonly Status[] = ['open', 'confirmed', 'benign', 'dismissed'];

export type Outcome = 'succeeded' | 'attempted' | 'failed';

export interface Matched {
  readonly auditID: string;
  readonly field: string;
  readonly value: unknown;
}

/** What a baseline had learnt before it raised an alert. */
export interface Learned {
  readonly from: string;
  readonly to: string;
  /** Requests that it learnt from. */
  readonly events: number;
  /** Different terms that were known. */
  readonly known: number;
  /** The terms seen most often, at most ten. */
  readonly values: readonly string[];
  /** What is new, rare or back. */
  readonly new: readonly string[];
}

/** How sure a link between two identities is: proven by the log, likely, or no more than a lead. */
export type Certainty = 'sure' | 'probable' | 'possible';
export const CERTAINTIES: readonly Certainty[] = ['possible', 'probable', 'sure'];

/** An identity as it acts from one address: whoever holds the credential there. `user` is '' for a caller without a name (401). */
export interface Strand {
  readonly cluster: string | null;
  readonly user: string;
  /** The address that the connection came from; null where none was recorded. */
  readonly address: string | null;
}

/** What ties an identity to another one. */
export type LinkKind =
  | 'impersonation'
  | 'issued-token'
  | 'token-secret'
  | 'certificate'
  | 'stolen-pod-token'
  | 'started-pod'
  | 'granted-rights'
  | 'made-account'
  | 'credential-file'
  | 'shared-object'
  | 'shared-address'
  | 'same-identity'
  | 'consequence';

/** One identity acts with what another one made, took or allowed. */
export interface IdentityLink {
  readonly kind: LinkKind;
  readonly certainty: Certainty;
  /** Who made it possible. */
  readonly from: Strand;
  /** Who acts with it. */
  readonly to: Strand;
  /** When it was made possible. */
  readonly time: string;
  /** Why, as a plain sentence. */
  readonly reason: string;
  /** Events that show it, at most ten of each side. */
  readonly auditIDs: readonly string[];
}

/** Who really acted behind an alert. */
export interface ActorChain {
  /** The first known hand: where `chain` begins. */
  readonly user: string;
  readonly address: string | null;
  /** Of the weakest link. */
  readonly certainty: Certainty;
  /** From the first known hand to the identity that the alert names. */
  readonly chain: readonly IdentityLink[];
}

export interface Alert {
  readonly id: number;
  readonly key: string;
  readonly rule: { readonly id: string; readonly title: string; readonly path: string };
  readonly level: Level;
  readonly status: Status;
  readonly title: string;
  readonly summary: string;
  readonly outcome: Outcome;
  readonly user: string;
  readonly users: readonly string[];
  readonly impersonatedUser: string | null;
  readonly sourceIPs: readonly string[];
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly object: string | null;
  readonly firstTime: string;
  readonly lastTime: string;
  readonly count: number;
  readonly eventCount: number;
  readonly auditIDs: readonly string[];
  readonly attack: readonly string[];
  readonly tactics: readonly string[];
  readonly defender: string | null;
  readonly incident: number | null;
  /** Set where another identity stands behind the one that the log names. */
  readonly actor?: ActorChain;
  readonly matched: readonly Matched[];
  /** Of an alert of a baseline. */
  readonly learned?: Learned;
  readonly falsePositives: readonly string[];
  readonly nextSteps: readonly string[];
  /** Set where somebody has hidden it: it stays in the case and in the report. */
  readonly suppressed?: { readonly id: number; readonly by: string; readonly reason: string };
}

/** One deed of a story, which several alerts may have seen. */
export interface IncidentStep {
  readonly time: string;
  readonly lastTime: string;
  readonly level: Level;
  readonly outcome: Outcome;
  /** One plain sentence. */
  readonly sentence: string;
  readonly user: string;
  readonly address: string | null;
  readonly tactics: readonly string[];
  /** Ids of its alerts, the worst first. */
  readonly alerts: readonly number[];
  /** Somebody else's deed on what the incident left behind, such as the clean-up of a response team. */
  readonly isAftermath?: true;
}

export interface IncidentIdentity {
  readonly user: string;
  readonly addresses: readonly string[];
  readonly firstTime: string;
  readonly lastTime: string;
  readonly events: number;
  /** How it came into the intruder's hands, as far as is known. */
  readonly how: string;
}

export interface SecretRead {
  readonly namespace: string | null;
  /** Null: all of the namespace, or of the cluster. */
  readonly name: string | null;
  readonly user: string;
  readonly time: string;
  readonly count: number;
}

export interface TouchedObject {
  readonly namespace: string | null;
  /** `deployments/web`. */
  readonly object: string;
  readonly user: string;
  /** `created`, `changed`, `deleted`, `entered` (exec, attach, port-forward, debug container). */
  readonly deed: string;
  readonly time: string;
}

/** Something that lets the intruder back in, or keeps running for him. */
export interface Persistence extends TouchedObject {
  /** `role binding`, `token`, `certificate` ... */
  readonly kind: string;
  /** What it does, in a few words. */
  readonly detail: string;
  /** Who took it away again, and when; null where this log shows no removal. */
  readonly removed: { readonly user: string; readonly time: string } | null;
}

export interface BlastRadius {
  readonly identities: readonly IncidentIdentity[];
  readonly secrets: readonly SecretRead[];
  readonly workloads: readonly TouchedObject[];
  readonly persistence: readonly Persistence[];
  readonly namespaces: readonly string[];
  readonly nodes: readonly string[];
  /** Set where a list above was cut: how many entries it would have. */
  readonly cut?: Readonly<Record<string, number>>;
}

/** Alerts that belong together, told as a story along the kill chain. */
export interface Incident {
  readonly id: number;
  /** Stable for the same evidence and rules, across runs and machines. */
  readonly key: string;
  readonly title: string;
  readonly level: Level;
  readonly story: string;
  readonly identities: readonly string[];
  readonly addresses: readonly string[];
  readonly clusters: readonly string[];
  /** Ids in the order of time. */
  readonly alerts: readonly number[];
  readonly firstTime: string;
  readonly lastTime: string;
  /** In the order of the kill chain. */
  readonly tactics: readonly string[];
  /** The first event that is known to belong to it. */
  readonly firstEvent: { readonly auditID: string; readonly time: string; readonly sentence: string };
  readonly steps: readonly IncidentStep[];
  /** Why its parts belong together. */
  readonly links: readonly IdentityLink[];
  readonly blastRadius: BlastRadius;
  readonly nextChecks: readonly string[];
}

export interface Coverage {
  readonly rule: { readonly id: string; readonly title: string };
  readonly state: 'fired' | 'clean' | 'blind';
  readonly reason: string;
  /** Events that could have met it. */
  readonly eventsSeen: number;
  /** When, or in which cluster, it could not have fired: the rest of its silence is worth what `state` says. */
  readonly parts: readonly CoveragePart[];
}

/** What an audit policy would have to record for a blind rule to see. */
export interface Wanted {
  /** Null: the group is not known from the log. */
  readonly apiGroup: string | null;
  /** `pods/exec` for a subresource. */
  readonly resource: string;
  /** Verbs that policies treat alike; null: any. */
  readonly verbs: 'read' | 'write' | 'connect' | 'path' | null;
  readonly level: 'Metadata' | 'Request' | 'RequestResponse';
}

/** A part of the time in which a rule was blind. */
export interface CoveragePart {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Styles of field names that rules of other collections use (docs/mappings.md). */
export const FIELD_STYLES = ['ecs', 'falco', 'panther'] as const;
export type FieldStyle = (typeof FIELD_STYLES)[number];

/** A value that somebody added to a list. */
export interface OwnValue {
  readonly value: string;
  readonly note: string;
  readonly examiner: string;
  readonly time: string;
}

/** A list that rules compare with: what is shipped, and what was added or put in its place in this case. */
export interface RuleList {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** When the shipped values were last looked through; null for a list that only this case has. */
  readonly date: string | null;
  readonly origin: string;
  /** Shipped values, whether they count or not. */
  readonly shipped: readonly string[];
  /** Whether only the case's own values count. */
  readonly isReplaced: boolean;
  readonly own: readonly OwnValue[];
  /** Titles of the rules that use it. */
  readonly rules: readonly string[];
}

/** What an indicator is compared with. */
export const INDICATOR_KINDS = ['address', 'network', 'agent', 'user', 'image', 'digest'] as const;
export type IndicatorKind = (typeof INDICATOR_KINDS)[number];

/** A list of indicators that was brought into a case. */
export interface IndicatorListRow {
  readonly id: number;
  readonly name: string;
  readonly origin: string;
  /** Day of the list, `2026-03-04`; null where nobody knows it. */
  readonly date: string | null;
  /** Whether it is older than the log by so much that its values may mean somebody else by now, or nobody knows its day. */
  readonly isStale: boolean;
  /** Why it is stale, or ''. */
  readonly staleness: string;
  readonly level: Level;
  /** `plain`, `csv`, `stix` or `misp`. */
  readonly format: string;
  readonly file: string;
  readonly sha256: string;
  /** Indicators by kind: `address`, `network`, `agent`, `user`, `image`, `digest`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Entries that were passed over, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly note: string;
  readonly examiner: string;
  readonly time: string;
  /** Alerts of the last run. */
  readonly hits: number;
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Verification {
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** Where two cases differ: null on the side that has no such thing. */
export type DifferenceKind =
  | 'evidence'
  | 'rule'
  | 'coverage'
  | 'alert'
  | 'incident'
  | 'decision'
  | 'suppression'
  | 'list'
  | 'mark';

export interface CaseDifference {
  readonly kind: DifferenceKind;
  readonly name: string;
  readonly left: string | null;
  readonly right: string | null;
}

export interface CaseDifferences {
  readonly isSame: boolean;
  /** How the logs of actions stand to each other: actions that both have, and those that only one has. */
  readonly history: {
    readonly relation: 'same' | 'left is longer' | 'right is longer' | 'parted' | 'unrelated';
    readonly common: number;
    readonly left: number;
    readonly right: number;
  };
  readonly differences: readonly CaseDifference[];
}

/** Two examiners say something else about one thing. */
export interface AnnotationConflict {
  readonly about: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface MergeOutcome {
  /** Marks that are new here. */
  readonly added: number;
  /** Alerts that were open here. */
  readonly decided: number;
  /** What both had. */
  readonly same: number;
  /** What they are about is not in this case. */
  readonly unknown: readonly string[];
  readonly conflicts: readonly AnnotationConflict[];
}

export interface CaseGlance {
  readonly path: string;
  readonly schema: number;
  readonly events: number;
  readonly evidence: number;
  readonly alerts: number;
  readonly incidents: number;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly sizeBytes: number;
  readonly rawBytes: number;
  readonly clusters: readonly string[];
  /** Hash of the last action: note it down, `verify --head` proves with it that nothing was cut off. */
  readonly head: string;
}

export interface Progress {
  readonly phase: 'reading' | 'indexing' | 'detecting' | 'verifying' | 'searching';
  readonly bytes: number;
  readonly totalBytes: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly secondsLeft: number | null;
  readonly file: string | null;
}

export interface Timing {
  readonly readMs: number;
  readonly detectMs: number;
  readonly totalMs: number;
  readonly eventsPerSecond: number;
  readonly peakRssBytes: number;
}

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

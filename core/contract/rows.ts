import type { LimitHit } from './limits.ts';

/** Shapes that the command line and the window show (docs: reference of the command line). Times are RFC 3339 UTC with microseconds. */

export interface Gap {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
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
  readonly matched: readonly Matched[];
  readonly falsePositives: readonly string[];
  readonly nextSteps: readonly string[];
}

export interface Coverage {
  readonly rule: { readonly id: string; readonly title: string };
  readonly state: 'fired' | 'clean' | 'blind';
  readonly reason: string;
  readonly eventsSeen: number;
}

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

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Verification {
  readonly ok: boolean;
  readonly checks: readonly Check[];
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
  readonly phase: 'reading' | 'indexing' | 'detecting' | 'verifying';
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

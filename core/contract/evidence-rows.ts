import type { LimitHit } from './limits.ts';

export interface Gap {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Something in the evidence itself that is missing or does not fit together. */
export interface LogGap extends Gap {
  /**
   * `silence`: a pause in the rhythm of a server; `edge`: its log begins later or ends earlier than those of the others; `rotation`: a
   * file of a sequence is missing; `clock`: times that jump; `skew`: clocks of servers that stand apart; `stages`: first or last stages that are missing; `conflict`: ids that
   * were used again with other content.
   */
  readonly kind: 'silence' | 'edge' | 'rotation' | 'clock' | 'skew' | 'stages' | 'conflict';
  readonly server: string | null;
  readonly cluster: string | null;
  /** Paths of the ledger lines that it is about. */
  readonly paths: readonly string[];
  /** Of `skew`: microseconds by which the server's times are ahead; behind where it is less than 0. */
  readonly aheadUs?: number;
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

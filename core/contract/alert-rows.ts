import type { Certainty, IdentityLink } from './link-rows.ts';

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
  /** How many act in it, where its rule fires for so many that none of them has an alert of his own. */
  readonly identities?: number;
  /** The first of them, at most 10,000. */
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

/**
 * A limit that a run of the rules reached. `baseline`: one learnt nothing; `crowd`: a rule fires for everybody; `listed`: an alert
 * does not list all that it holds; `links`: not all was compared to tell who is who.
 */
export interface RunWarning {
  readonly kind: 'baseline' | 'crowd' | 'listed' | 'links';
  readonly text: string;
}

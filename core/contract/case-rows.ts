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

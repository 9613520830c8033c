import type { Fault } from './fault.ts';
import type { Progress, Verification } from './rows.ts';
import type { FileTicket } from './scope.ts';

export type JobKind = 'import' | 'detect' | 'verify' | 'export' | 'report';
export type JobState = 'running' | 'done' | 'failed' | 'cancelled';

export type JobResult =
  | { readonly kind: 'import'; readonly events: number; readonly alerts: number; readonly evidence: readonly number[] }
  | { readonly kind: 'detect'; readonly alerts: number; readonly costs: readonly RuleTook[] }
  | { readonly kind: 'verify'; readonly verification: Verification }
  | { readonly kind: 'export' | 'report'; readonly file: FileTicket };

/** What one rule cost in a run. */
export interface RuleTook {
  readonly rule: string;
  /** Events that the dispatch table let through to it. */
  readonly seen: number;
  readonly matched: number;
  readonly ms: number;
}

/** Work that takes longer than a view waits. It goes on when the page is reloaded or closed. */
export interface Job {
  readonly id: number;
  readonly kind: JobKind;
  readonly title: string;
  readonly state: JobState;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly progress: Progress | null;
  readonly fault: Fault | null;
  readonly result: JobResult | null;
}

export interface JobCalls {
  /** Running ones first, then the last that ended, newest first. */
  'jobs/list': (req: Record<string, never>) => readonly Job[];
  /** The case is then as it was before the job. */
  'jobs/cancel': (req: { readonly job: number }) => Job;
}

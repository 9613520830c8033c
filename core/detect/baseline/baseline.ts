import type { Level } from '../../contract/rows.ts';
import type { Reference } from '../../sigma/sigma.ts';

export const BASELINE_TYPES = ['new_terms', 'rare', 'spike'] as const;
export type BaselineType = (typeof BASELINE_TYPES)[number];

/** What a document of the kind `baseline` asks for (docs/baselines.md). */
export interface Baseline {
  readonly type: BaselineType;
  /** Rules whose requests are looked at, by id or name. */
  readonly rules: readonly Reference[];
  /** Fields that name whose habits are learnt; none: those of the whole cluster. */
  readonly groupBy: readonly string[];
  /** Fields that make the term which may be new or rare; of a spike the values that are counted, none: requests. */
  readonly fields: readonly string[];
  /** Each field is a term of its own, and so many of them have to be new in one request; 0: all fields make one term. */
  readonly atLeast: number;
  /** How long something stays known, and how far back habits are looked at. */
  readonly learnUs: number;
  readonly minimum: { readonly days: number; readonly events: number };
  /** Nothing is learnt from requests that stand in alerts of this level or above. */
  readonly excludeRulesAt: Level;
  /** Of `rare`: the share below which a term is rare. Of `spike`: how many deviations above the median one is. */
  readonly threshold: number;
  /** Of `spike`: smaller counts are none. */
  readonly least: number;
  /** Of `rare`: the field whose different values are counted instead of requests. */
  readonly peers: string | null;
  /** Of `new_terms`: what was known and comes back after the time of `learn`, instead of what was never seen. */
  readonly isReturning: boolean;
  /** Whether the rules raise alerts of their own too. */
  readonly generate: boolean;
}

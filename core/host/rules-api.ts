import type { Problem } from '../contract/fault.ts';
import type { Level } from '../contract/rows.ts';
import type { RuleNeeds } from '../detect/rule-needs.ts';

export type { RuleNeeds };

/** One rule as `rules list` tells it. */
export interface ListedRule {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly level: Level;
  readonly attack: readonly string[];
  readonly tactics: readonly string[];
  readonly defender: string | null;
  readonly needs: RuleNeeds;
}

/** What `rules check` found. */
export interface CheckedRules {
  readonly rules: number;
  readonly problems: readonly Problem[];
}

/** One test of a rule. */
export interface TestedRule {
  /** Path of the tests. */
  readonly path: string;
  /** What is asked for: a match or a miss of single events, an alert or none of a correlation. */
  readonly kind: 'match' | 'miss' | 'alert' | 'quiet';
  readonly name: string;
  readonly ok: boolean;
  /** Why it failed. */
  readonly reason: string;
}

/** What `rules test` found. */
export interface TestedRules {
  readonly ok: boolean;
  readonly results: readonly TestedRule[];
  readonly problems: readonly Problem[];
  /** Rules without tests. */
  readonly untested: readonly string[];
}

/** What a rule says of loose events: a claim for each line, or the alerts of a correlation by the lines' indexes. */
export type TriedRule =
  | { readonly matches: readonly boolean[] }
  | {
      readonly alerts: readonly {
        readonly events: readonly number[];
        readonly group: Readonly<Record<string, string>>;
      }[];
    };

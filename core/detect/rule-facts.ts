import type { Level } from '../contract/rows.ts';

/** What a rule says about itself that its alerts carry. */
export interface RuleFacts {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly level: Level;
  /** ATT&CK technique ids: `T1610`, `T1552.007`. */
  readonly techniques: readonly string[];
  /** ATT&CK tactics by their short names: `privilege-escalation`. */
  readonly tactics: readonly string[];
  /** Id of the Defender alert that it stands for. */
  readonly defender: string | null;
  readonly falsePositives: readonly string[];
  readonly nextSteps: readonly string[];
}

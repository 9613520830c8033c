import type { Problem } from './fault.ts';
import type { Coverage, Level } from './rows.ts';

export type CoverageState = Coverage['state'];

export interface RuleNeedsLine {
  readonly level: 'Metadata' | 'Request' | 'RequestResponse';
  readonly resources: readonly string[];
  readonly stages: readonly string[];
  readonly bodies: boolean;
  readonly annotations: readonly string[];
}

export interface RuleLine {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly origin: 'shipped' | 'own';
  readonly kind: 'rule' | 'correlation' | 'baseline' | 'filter';
  /** As this case has set it. */
  readonly level: Level;
  /** Switched off in this case: the next run raises nothing of it. */
  readonly isOff: boolean;
  readonly attack: readonly string[];
  readonly tactics: readonly string[];
  readonly defender: string | null;
  readonly alerts: number;
  readonly open: number;
  readonly state: CoverageState | 'not run';
  readonly reason: string;
  readonly cost: RuleCost | null;
}

export interface RuleCost {
  /** Events that the dispatch table let through to the rule. */
  readonly seen: number;
  readonly matched: number;
  readonly ms: number;
  readonly msPerMillionEvents: number;
}

export interface RuleTestCount {
  readonly rule: string;
  readonly passed: number;
  readonly failed: number;
}

export interface RuleDetail {
  readonly line: RuleLine;
  readonly description: string;
  readonly text: string;
  readonly testsText: string | null;
  readonly tests: readonly {
    readonly kind: 'match' | 'miss' | 'alert' | 'quiet';
    readonly name: string;
    readonly ok: boolean;
    readonly reason: string;
  }[];
  readonly needs: RuleNeedsLine;
  readonly falsePositives: readonly string[];
  readonly nextSteps: readonly string[];
  readonly references: readonly string[];
  readonly problems: readonly Problem[];
  readonly coverage: Coverage | null;
}

export interface MatrixTechnique {
  readonly id: string;
  readonly name: string;
  readonly fired: number;
  readonly clean: number;
  readonly blind: number;
  readonly alerts: number;
  readonly level: Level | null;
  readonly rules: readonly string[];
}

export interface MatrixTactic {
  readonly tactic: string;
  readonly title: string;
  readonly techniques: readonly MatrixTechnique[];
}

export interface CoverageSum {
  readonly rules: number;
  readonly fired: number;
  readonly clean: number;
  readonly blind: number;
  /** Clean, except in part of the time (decision 21). */
  readonly partly: number;
  /** Why rules are blind, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly rules: number }[];
  /** The smallest change of the audit policy that would lift the most important blind spots, as YAML; null if none would. */
  readonly policy: string | null;
}

export interface RuleCalls {
  'rules/list': (req: Record<string, never>) => readonly RuleLine[];
  /** What the rules' own tests say, of the rules that have some. The first time takes seconds; other calls run between. */
  'rules/tests': (req: Record<string, never>) => readonly RuleTestCount[];
  'rules/detail': (req: { readonly id: string }) => RuleDetail;
  'rules/matrix': (req: Record<string, never>) => readonly MatrixTactic[];
  'coverage/sum': (req: Record<string, never>) => CoverageSum;
  'coverage/list': (req: { readonly state?: CoverageState }) => readonly Coverage[];
}

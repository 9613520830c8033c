import type { Problem } from '../contract/fault.ts';
import type { ProvenEvent, RuleHits } from './finish.ts';
import type { RuleFacts } from './rule-facts.ts';
import type { RuleSet } from './rule-set.ts';

export interface Pack {
  readonly problems: readonly Problem[];
}
export const compilePack = (_: RuleSet): Pack => ({ problems: [] });
export const correlate = (_: Pack, __: ReadonlyMap<number, readonly ProvenEvent[]>): RuleHits[] => [];
export const rulesOfPack = (_: Pack): { index: number; facts: RuleFacts; raises: boolean; emptyLists: string[] }[] => [];

import type { RuleSet } from '../detect/rule-set.ts';
import type { Dictionaries } from './columns.ts';
import type { Matcher } from './scan-block.ts';

export type { RuleSet };

export function matcherFor(_rules: RuleSet): (dictionaries: Dictionaries) => Matcher {
  return () => ({ candidates: () => [], candidatesOf: () => [], match: () => [] });
}

import type { Dictionaries } from './columns.ts';
import type { Matcher } from './scan-block.ts';

export interface RuleSet {
  readonly sources: readonly { readonly path: string; readonly text: string }[];
}

export function matcherFor(_rules: RuleSet): (dictionaries: Dictionaries) => Matcher {
  throw new Error('rules come next');
}

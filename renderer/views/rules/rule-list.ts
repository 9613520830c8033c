import { TACTIC_TITLES, techniqueTitle } from '../../../core/contract/attack-names.ts';
import { defenderName } from '../../../core/contract/defender-names.ts';
import { LEVELS } from '../../../core/contract/rows.ts';
import type { RuleLine } from '../../../core/contract/rule-calls.ts';

/** Whether a text stands in what a person may know a rule by. */
export function ruleHolds(rule: RuleLine, text: string): boolean {
  const low = text.toLowerCase();
  return (
    low === '' ||
    [
      rule.title,
      rule.id,
      rule.path,
      rule.defender ?? '',
      defenderName(rule.defender ?? ''),
      ...rule.attack.map(techniqueTitle),
      ...rule.tactics,
    ].some((each) => each.toLowerCase().includes(low))
  );
}

/** The first name that none of these rules has. */
export function freePath(known: readonly { readonly path: string }[]): string {
  const taken = new Set(known.map(({ path }) => path));
  let number = 1;
  while (taken.has(`case/rule-${number}.yml`)) number++;
  return `case/rule-${number}.yml`;
}

export interface RuleGroup {
  readonly title: string;
  readonly rules: readonly RuleLine[];
}

/** Rules by the first of their tactics, as the matrix orders them; in each the gravest first, then by title. */
export function rulesByTactic(rules: readonly RuleLine[]): readonly RuleGroup[] {
  const titleOf = ({ tactics }: RuleLine): string =>
    Object.entries(TACTIC_TITLES).find(([tactic]) => tactics.includes(tactic))?.[1] ?? OTHER;
  const groups = Map.groupBy(rules, titleOf);
  return [...Object.values(TACTIC_TITLES), OTHER].flatMap((title) => {
    const those = groups.get(title);
    return those === undefined ? [] : [{ title, rules: those.toSorted(byLevel) }];
  });
}

const OTHER = 'Without a tactic';

const byLevel = (a: RuleLine, b: RuleLine): number =>
  LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || (a.title < b.title ? -1 : a.title > b.title ? 1 : 0);

import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { loadRuleFiles, SHIPPED_RULES } from '../detect/load-rules.ts';
import { compilePack, factsOf, type Pack } from '../detect/pack.ts';
import type { RuleSet } from '../detect/rule-set.ts';
import type { CorrelationMember, SigmaCorrelation, SigmaRule } from '../sigma/sigma.ts';
import { needsOfMembers, needsOfRule } from './rule-needs.ts';
import type { CheckedRules, ListedRule, RuleNeeds } from './rules-api.ts';

/** Tells all problems of the rules at those paths. */
export function checkRules(paths: readonly string[]): CheckedRules {
  const own = loadRuleFiles({ shipped: false, paths }).set;
  const shipped = loadRuleFiles({ shipped: true, paths: [] }).set;
  const set: RuleSet = { sources: own.sources, lists: { ...shipped.lists, ...own.lists } };
  const pack = compilePack(set);
  const isAlone = !pack.problems.some((problem) => problem.code === 'correlation/unknown-rule');
  if (isAlone || paths.some(isShipped)) return { rules: pack.documents.length, problems: pack.problems };
  // What is unknown may be a shipped rule.
  const names = new Set(own.sources.map((source) => source.path));
  const together = compilePack({ ...set, sources: [...shipped.sources, ...own.sources] });
  return { rules: pack.documents.length, problems: together.problems.filter((problem) => names.has(problem.path)) };
}

function isShipped(path: string): boolean {
  return !relative(realpathSync(SHIPPED_RULES), realpathSync(path)).startsWith('..');
}

/** Lists the rules that raise alerts: the shipped pack, and those at further paths. */
export function listRules(paths: readonly string[]): readonly ListedRule[] {
  const pack = compilePack(loadRuleFiles({ shipped: true, paths }).set);
  const members: CorrelationMember[] = [...pack.rules, ...pack.linked.correlations];
  return members
    .filter((member) => !pack.linked.silent.has(member))
    .map((member) => listed(member, pack))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function listed(member: CorrelationMember, pack: Pack): ListedRule {
  const { id, title, path, level, techniques, tactics, defender } = factsOf(member);
  return { id, title, path, level, attack: techniques, tactics, defender, needs: needsOf(member, pack) };
}

function needsOf(member: CorrelationMember, pack: Pack): RuleNeeds {
  if (member.kind === 'rule') return needsOfRule(member);
  return needsOfMembers(rulesBelow(member, pack), member.type.startsWith('temporal'));
}

function rulesBelow(correlation: SigmaCorrelation, pack: Pack): SigmaRule[] {
  const members = pack.linked.members.get(correlation) ?? [];
  return members.flatMap((member) => (member.kind === 'rule' ? [member] : rulesBelow(member, pack)));
}

import type { RuleFiles } from '../detect/load-rules.ts';
import type { RuleSet } from '../detect/rule-set.ts';
import type { Settings } from '../store/settings.ts';
import { withOwnLists } from './lists.ts';

/**
 * Rules as this case wants them run: its own rules stand beside the others, or in the place of the file of the same path; lists
 * have its values; what it has switched off raises nothing.
 */
export function withCaseRules(files: RuleFiles, settings: Settings): RuleFiles {
  const withLists = withOwnLists(files, settings);
  const set = withSettings(withOwnRules(withLists.set, settings), settings);
  return { ...withLists, set };
}

function withOwnRules(set: RuleSet, settings: Settings): RuleSet {
  const own = settings.ownRules().filter(({ isRemoved }) => !isRemoved);
  if (own.length === 0) return set;
  const paths = new Set(own.map(({ path }) => path));
  const others = set.sources.filter(({ path }) => !paths.has(path));
  return { ...set, sources: [...others, ...own.map(({ path, text }) => ({ path, text }))] };
}

function withSettings(set: RuleSet, settings: Settings): RuleSet {
  const rows = settings.ruleSettings();
  if (rows.length === 0) return set;
  const levels = rows.flatMap(({ ruleId, level }) => (level === null ? [] : [[ruleId, level] as const]));
  const disabled = rows.flatMap(({ ruleId, isEnabled }) => (isEnabled ? [] : [ruleId]));
  return { ...set, settings: { disabled, levels: Object.fromEntries(levels) } };
}

import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Problem } from '../contract/fault.ts';
import type { FieldStyle } from '../contract/rows.ts';
import type { LinkedBaseline } from '../detect/baseline/link-baselines.ts';
import { fieldProblems } from '../detect/field-check.ts';
import { loadRuleFiles, SHIPPED_RULES } from '../detect/load-rules.ts';
import { compilePack, factsOf, type Pack, sigmaOptions } from '../detect/pack.ts';
import { needsOfMembers, needsOfRule } from '../detect/rule-needs.ts';
import type { RuleSet } from '../detect/rule-set.ts';
import { type RuleTestRun, runRuleTests } from '../detect/rule-tests.ts';
import { type CaseResult, parseCase, runCase } from '../detect/try-rule.ts';
import { CaseError } from '../fault.ts';
import {
  type CorrelationMember,
  type Metadata,
  type SigmaCorrelation,
  type SigmaRule,
  tryRules,
} from '../sigma/sigma.ts';
import { readEvents, readRule, readText, testsBeside } from './rule-files.ts';
import type { CheckedRules, ListedRule, RuleNeeds, TestedRules, TriedRule } from './rules-api.ts';

/** Tells all problems of the rules at those paths. */
export function checkRules(paths: readonly string[], mapping?: FieldStyle): CheckedRules {
  const { own, shipped, set } = ownRules(paths, mapping);
  const pack = compilePack(set);
  const fields = pack.documents.flatMap((document) => fieldProblems(document, mapping));
  const rules = pack.documents.length;
  const isAlone = !pack.problems.some((problem) => problem.code.endsWith('/unknown-rule'));
  if (isAlone || paths.some(isShipped)) return { rules, problems: inOrder([...pack.problems, ...fields]) };
  // What is unknown may be a shipped rule.
  const names = new Set(own.sources.map((source) => source.path));
  const together = compilePack({ ...set, sources: [...shipped.sources, ...own.sources] });
  const problems = together.problems.filter((problem) => names.has(problem.path));
  return { rules, problems: inOrder([...problems, ...fields]) };
}

/** By file in the order they were read, then by place. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ path }) => path))];
  return problems.toSorted(
    (a, b) => files.indexOf(a.path) - files.indexOf(b.path) || a.line - b.line || a.column - b.column,
  );
}

/** Rules at those paths, which may use the shipped lists. */
function ownRules(paths: readonly string[], mapping?: FieldStyle): { own: RuleSet; shipped: RuleSet; set: RuleSet } {
  const own = loadRuleFiles({ shipped: false, paths }).set;
  const shipped = loadRuleFiles({ shipped: true, paths: [] }).set;
  return {
    own,
    shipped,
    set: { sources: own.sources, lists: { ...shipped.lists, ...own.lists }, ...(mapping && { mapping }) },
  };
}

function isShipped(path: string): boolean {
  return isWithin(realpathSync(SHIPPED_RULES), realpathSync(path));
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && way !== path;
}

/** Runs the tests beside the rules at those paths; without any, beside the shipped ones. */
export function testRules(paths: readonly string[], mapping?: FieldStyle): TestedRules {
  const rules = paths.map((path) => path.replace(/\.test\.(ya?ml)$/, '.$1'));
  const { own, shipped, set } = ownRules(rules.length === 0 ? [SHIPPED_RULES] : rules, mapping);
  const sources = rules.length === 0 ? shipped.sources : own.sources;
  const others = compilePack({ ...set, sources: [...shipped.sources, ...own.sources] }).documents;
  const options = sigmaOptions(set);
  const untested: string[] = [];
  const runs: RuleTestRun[] = [];
  for (const rule of sources) {
    const tests = testsBeside(rule);
    if (tests === null) untested.push(rule.path);
    else runs.push(runRuleTests({ rule, tests, options, others }));
  }
  const results = runs.flatMap((run) => run.results);
  const problems = runs.flatMap((run) => run.problems);
  const isFine = results.every((result) => result.ok) && problems.every((problem) => problem.severity !== 'error');
  return { ok: isFine, results, problems, untested };
}

/** Matches the rules of a file, which may use the shipped lists, against events, one a line. */
export function tryRule(rulePath: string, eventsPath: string, mapping?: FieldStyle): TriedRule {
  const lists = loadRuleFiles({ shipped: true, paths: [] }).set.lists;
  const events = readEvents(eventsPath);
  const tried = tryRules(readRule(rulePath), events, sigmaOptions({ lists, ...(mapping && { mapping }) }), rulePath);
  if (!('refuse' in tried)) return tried;
  const count = tried.refuse.length === 1 ? 'a problem' : `${tried.refuse.length} problems`;
  throw new CaseError('rule/invalid', `The rule has ${count}.`, { at: { path: rulePath }, problems: tried.refuse });
}

/** Runs a file of conformance cases; `collection` is a copy of SigmaHQ's rules. */
export function* runCases(path: string, collection: string | undefined): Generator<CaseResult> {
  const lines = readText(path, 'The file of cases').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    yield runCase(parseCase(line, index + 1), (file) => readCollection(collection, file));
  }
}

/** A file of the collection; a case may not name one outside of it. */
function readCollection(collection: string | undefined, file: string): string | null {
  if (collection === undefined || !isWithin(resolve(collection), resolve(collection, file))) return null;
  try {
    return readText(resolve(collection, file), file);
  } catch {
    return null;
  }
}

/** Lists the rules that raise alerts: the shipped pack, and those at further paths. */
export function listRules(paths: readonly string[], mapping?: FieldStyle): readonly ListedRule[] {
  return rulesOfPack(compilePack(loadRuleFiles({ shipped: true, paths, ...(mapping && { mapping }) }).set));
}

/** The rules of a pack that raise alerts, by path. */
export function rulesOfPack(pack: Pack): readonly ListedRule[] {
  const members: CorrelationMember[] = [...pack.rules, ...pack.linked.correlations];
  const loud = members.filter((member) => !pack.linked.silent.has(member));
  const habits = pack.baselines.map((one) => listed(one.document, needsOfHabits(one, pack)));
  return [...loud.map((member) => listed(member, needsOf(member, pack))), ...habits].sort((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : 0,
  );
}

function listed(document: Metadata, needs: RuleNeeds): ListedRule {
  const { id, title, path, level, techniques, tactics, defender } = factsOf(document);
  return { id, title, path, level, attack: techniques, tactics, defender, needs };
}

const needsOfHabits = ({ rules }: LinkedBaseline, pack: Pack) => needsOfMembers(rules, false, pack.mapping);

function needsOf(member: CorrelationMember, pack: Pack): RuleNeeds {
  if (member.kind === 'rule') return needsOfRule(member, pack.mapping);
  return needsOfMembers(rulesBelow(member, pack), member.type.startsWith('temporal'), pack.mapping);
}

function rulesBelow(correlation: SigmaCorrelation, pack: Pack): SigmaRule[] {
  const members = pack.linked.members.get(correlation) ?? [];
  return members.flatMap((member) => (member.kind === 'rule' ? [member] : rulesBelow(member, pack)));
}

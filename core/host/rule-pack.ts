import { loadRuleFiles, type RuleFiles } from '../detect/load-rules.ts';
import { compilePack, factsOf, type Pack, sigmaOptions } from '../detect/pack.ts';
import type { RuleSource } from '../detect/rule-set.ts';
import { type RuleTestResult, runRuleTests } from '../detect/rule-tests.ts';
import type { SigmaDocument } from '../sigma/sigma.ts';
import type { Settings } from '../store/settings.ts';
import type { RuleSelection } from './api.ts';
import { withCaseRules } from './case-rules.ts';
import { testsBeside } from './rule-files.ts';
import { rulesOfPack } from './rules.ts';
import type { ListedRule } from './rules-api.ts';
import { stampOf } from './studio/rule-folders.ts';

/** The rules of a selection, compiled once for all that shows them. */
export class RulePack {
  readonly rules: readonly ListedRule[];
  readonly pack: Pack;
  readonly #files: RuleFiles;
  /** Tests of rules of the case, by path. */
  readonly #ownTests: ReadonlyMap<string, string>;
  readonly #documents: ReadonlyMap<string, SigmaDocument>;
  readonly #tested = new Map<string, readonly RuleTestResult[] | null>();

  constructor(files: RuleFiles, ownTests: ReadonlyMap<string, string>) {
    this.#files = files;
    this.#ownTests = ownTests;
    this.pack = compilePack(this.#files.set);
    this.rules = rulesOfPack(this.pack);
    this.#documents = new Map(this.pack.documents.map((document) => [factsOf(document).id, document]));
  }

  document(id: string): SigmaDocument | undefined {
    return this.#documents.get(id);
  }

  /** The file that a rule stands in. */
  source(path: string): RuleSource | undefined {
    return this.#files.set.sources.find((source) => source.path === path);
  }

  testsText(path: string): string | null {
    const source = this.source(path);
    return source === undefined ? null : (this.#testsOf(source)?.text ?? null);
  }

  #testsOf(source: RuleSource): RuleSource | null {
    const own = this.#ownTests.get(source.path);
    if (own === undefined) return testsBeside(source);
    return own.trim() === '' ? null : { path: source.path.replace(/\.yml$/, '.test.yml'), text: own };
  }

  /** Runs the tests beside a rule, once; null where there are none. */
  tests(path: string): readonly RuleTestResult[] | null {
    const known = this.#tested.get(path);
    if (known !== undefined) return known;
    const rule = this.source(path);
    const tests = rule === undefined ? null : this.#testsOf(rule);
    const options = sigmaOptions(this.#files.set);
    const others = this.pack.documents;
    const results =
      rule === undefined || tests === null ? null : runRuleTests({ rule, tests, options, others }).results;
    this.#tested.set(path, results);
    return results;
  }
}

/** Packs that are kept: those of a case before and after a change, and of a case besides. */
const KEPT = 4;
const packs = new Map<string, RulePack>();

/** The rules of a selection as a case runs them, read again when a file of them has changed. */
export function rulePackOf(selection: RuleSelection, settings: Settings): RulePack {
  const own = settings.ownRules().filter(({ isRemoved }) => !isRemoved);
  const set = [settings.ruleSettings(), settings.listEntries(), settings.replacedLists()];
  const key = JSON.stringify([selection, stampOf(selection), own.map(({ path, version }) => [path, version]), set]);
  const known = packs.get(key);
  if (known !== undefined) return known;
  const files = withCaseRules(loadRuleFiles(selection), settings);
  const made = new RulePack(files, new Map(own.map(({ path, tests }) => [path, tests])));
  if (packs.size >= KEPT) packs.delete(packs.keys().next().value as string);
  packs.set(key, made);
  return made;
}

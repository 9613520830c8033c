import { loadRuleFiles, type RuleFiles } from '../detect/load-rules.ts';
import { compilePack, factsOf, type Pack, sigmaOptions } from '../detect/pack.ts';
import type { RuleSource } from '../detect/rule-set.ts';
import { type RuleTestResult, runRuleTests } from '../detect/rule-tests.ts';
import type { SigmaDocument } from '../sigma/sigma.ts';
import type { RuleSelection } from './api.ts';
import { testsBeside } from './rule-files.ts';
import { rulesOfPack } from './rules.ts';
import type { ListedRule } from './rules-api.ts';

/** The rules of a selection, compiled once for all that shows them. */
export class RulePack {
  readonly rules: readonly ListedRule[];
  readonly pack: Pack;
  readonly #files: RuleFiles;
  readonly #documents: ReadonlyMap<string, SigmaDocument>;
  readonly #tested = new Map<string, readonly RuleTestResult[] | null>();

  constructor(selection: RuleSelection) {
    this.#files = loadRuleFiles(selection);
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
    return source === undefined ? null : (testsBeside(source)?.text ?? null);
  }

  /** Runs the tests beside a rule, once; null where there are none. */
  tests(path: string): readonly RuleTestResult[] | null {
    const known = this.#tested.get(path);
    if (known !== undefined) return known;
    const rule = this.source(path);
    const tests = rule === undefined ? null : testsBeside(rule);
    const options = sigmaOptions(this.#files.set);
    const others = this.pack.documents;
    const results =
      rule === undefined || tests === null ? null : runRuleTests({ rule, tests, options, others }).results;
    this.#tested.set(path, results);
    return results;
  }
}

const packs = new Map<string, RulePack>();

/** The pack of a selection; files that change are seen when the program starts again. */
export function rulePackOf(selection: RuleSelection): RulePack {
  const key = JSON.stringify(selection);
  const known = packs.get(key);
  if (known !== undefined) return known;
  const made = new RulePack(selection);
  packs.set(key, made);
  return made;
}

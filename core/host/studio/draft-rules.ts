import type { Problem } from '../../contract/fault.ts';
import { type LinkedBaseline, linkBaselines } from '../../detect/baseline/link-baselines.ts';
import { loadRuleFiles, type RuleFiles } from '../../detect/load-rules.ts';
import { sigmaOptions } from '../../detect/pack.ts';
import type { RuleSet, RuleSource } from '../../detect/rule-set.ts';
import {
  type CorrelationMember,
  type LinkedRules,
  linkRules,
  parseRules,
  type SigmaCorrelation,
  type SigmaDocument,
  type SigmaOptions,
  type SigmaRule,
} from '../../sigma/sigma.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { RuleSelection } from '../api.ts';
import { withCaseRules } from '../case-rules.ts';
import { stampOf } from './rule-folders.ts';

/** A text that is being written, read together with the rules that it may refer to. */
export interface DraftRules {
  readonly path: string;
  readonly text: string;
  readonly documents: readonly SigmaDocument[];
  readonly linked: LinkedRules;
  readonly problems: readonly Problem[];
  /** Rules and correlations of the text itself. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly SigmaCorrelation[];
  readonly baselines: readonly LinkedBaseline[];
}

/** The rules of a case as its next run would use them, parsed once for all that is written beside them. */
export class StudioRules {
  readonly files: RuleFiles;
  readonly options: SigmaOptions;
  readonly #documents = new Map<string, readonly SigmaDocument[]>();

  constructor(files: RuleFiles) {
    this.files = files;
    this.options = sigmaOptions(files.set);
  }

  /** Reads a text in the place of the file of that path. */
  read(path: string, text: string): DraftRules {
    const parsed = parseRules(path, text, this.options);
    const rules = linkRules([...parsed.documents, ...this.others(path)]);
    const { baselines, silent, problems } = linkBaselines(rules);
    const linked = { ...rules, silent: new Set([...rules.silent, ...silent]) };
    const own = [...rules.problems, ...problems].filter((problem) => problem.path === path);
    return {
      path,
      text,
      documents: parsed.documents,
      linked,
      problems: [...parsed.problems, ...own].toSorted((a, b) => a.line - b.line || a.column - b.column),
      rules: linked.rules.filter((rule) => rule.path === path && rule.applies),
      correlations: linked.correlations.filter((correlation) => correlation.path === path),
      baselines: baselines.filter(({ document }) => document.path === path),
    };
  }

  /** Documents of all files but one. */
  others(path: string): readonly SigmaDocument[] {
    return this.documentsBut(new Set([path]));
  }

  documentsBut(paths: ReadonlySet<string>): readonly SigmaDocument[] {
    return this.files.set.sources.flatMap((source) => (paths.has(source.path) ? [] : this.#parsed(source)));
  }

  /** Each file with what stands in it. */
  all(): { readonly path: string; readonly documents: readonly SigmaDocument[] }[] {
    return this.files.set.sources.map((source) => ({ path: source.path, documents: this.#parsed(source) }));
  }

  /** The rules with a text in the place of a file, or beside all. */
  with(path: string, text: string): RuleSet {
    const { sources } = this.files.set;
    const isNew = sources.every((source) => source.path !== path);
    const replaced = sources.map((source) => (source.path === path ? { path, text } : source));
    return { ...this.files.set, sources: isNew ? [...replaced, { path, text }] : replaced };
  }

  /** The texts that are needed to match some rules of a draft elsewhere: those in which they stand, and filters, which change them. */
  textsFor(draft: Pick<DraftRules, 'path' | 'text'>, matched: readonly SigmaRule[]): RuleSet {
    const all = this.with(draft.path, draft.text);
    const needed = new Set([draft.path, ...matched.map(({ path }) => path)]);
    const hasFilter = (source: RuleSource) => this.#parsed(source).some(({ kind }) => kind === 'filter');
    return { ...all, sources: all.sources.filter((source) => needed.has(source.path) || hasFilter(source)) };
  }

  #parsed(source: RuleSource): readonly SigmaDocument[] {
    const known = this.#documents.get(source.path);
    if (known !== undefined) return known;
    const { documents } = parseRules(source.path, source.text, this.options);
    this.#documents.set(source.path, documents);
    return documents;
  }
}

/** The rules that must be matched to know what the members find. */
export function rulesBelow(members: readonly CorrelationMember[], linked: LinkedRules): SigmaRule[] {
  const below = members.flatMap((member) => {
    return member.kind === 'rule' ? [member] : rulesBelow(linked.members.get(member) ?? [], linked);
  });
  return [...new Set(below)];
}

const known = new WeakMap<CaseStore, { readonly version: string; readonly rules: StudioRules }>();

/** Read once a version of the case and of its files. */
export function studioRules(store: CaseStore, selection: RuleSelection): StudioRules {
  const version = `${store.version}\n${stampOf(selection)}`;
  const last = known.get(store);
  if (last?.version === version) return last.rules;
  const rules = new StudioRules(withCaseRules(loadRuleFiles(selection), store.settings));
  known.set(store, { version, rules });
  return rules;
}

import { basename } from 'node:path/posix';
import type { Problem } from '../../contract/fault.ts';
import type { TakenRule } from '../../contract/studio-calls.ts';
import { linkBaselines } from '../../detect/baseline/link-baselines.ts';
import { linkRules, parseRules, type SigmaDocument } from '../../sigma/sigma.ts';
import type { StoredRule } from '../../store/settings.ts';
import type { StudioRules } from './draft-rules.ts';
import { type PackFile, type ReadPack, type RefusedFile, refusal, stemOf } from './read-pack.ts';

/** A rule of a pack as it would stand in the case. */
export interface PlannedRule {
  readonly shown: TakenRule;
  readonly text: string;
  readonly tests: string;
}

/** What would become of each file of a pack. */
export interface PackPlan {
  readonly rules: readonly PlannedRule[];
  /** Files that stand in the case as they are. */
  readonly same: readonly string[];
  readonly refused: readonly RefusedFile[];
  readonly passedOver: number;
}

interface Parsed extends PackFile {
  readonly documents: readonly SigmaDocument[];
  readonly problems: readonly Problem[];
  /** Where it is to stand. */
  readonly target: string;
}

const MOST_PROBLEMS = 5;

/**
 * Says where each rule of a pack would stand: one with the id of a known rule in that one's place, any other under its own
 * name. Rules may refer to each other; one that refers to a refused one is refused as well.
 */
export function planPack(pack: ReadPack, rules: StudioRules, own: readonly StoredRule[]): PackPlan {
  const refused: RefusedFile[] = [...pack.refused];
  const refuse = (one: PackFile, problems: readonly Problem[]): void => {
    refused.push({ path: one.path, problems: problems.slice(0, MOST_PROBLEMS) });
  };
  const places = new Places(rules, own);
  let kept: Parsed[] = [];
  for (const file of pack.rules) {
    const { documents, problems } = parseRules(inPack(file.path), file.text, rules.options);
    const errors = errorsOf(problems);
    if (errors.length > 0) refuse(file, shown(errors));
    else if (documents.length === 0) refused.push(refusal(file.path, 'rule/none', 'No rule stands in it'));
    else {
      const target = places.take(file, documents);
      if (typeof target === 'string') kept.push({ ...file, documents, problems, target });
      else refused.push(refusal(file.path, 'pack/twice', `${target.twice} holds the same rule`));
    }
  }
  for (;;) {
    const byPath = Map.groupBy(linkProblems(kept, rules), ({ path }) => path);
    const problemsOf = ({ path }: Parsed) => byPath.get(inPack(path)) ?? [];
    const bad = kept.filter((one) => errorsOf(problemsOf(one)).length > 0);
    for (const one of bad) refuse(one, shown(errorsOf(problemsOf(one))));
    if (bad.length === 0) {
      const planned = kept.map((one) => plannedRule(one, problemsOf(one), pack, rules, own));
      return {
        rules: planned.flatMap((one) => (typeof one === 'string' ? [] : [one])),
        same: planned.filter((one) => typeof one === 'string'),
        refused: refused.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
        passedOver: pack.passedOver,
      };
    }
    kept = kept.filter((one) => !bad.includes(one));
  }
}

/** No file of the case is called so: problems of a pack are told from others by it. */
const PREFIX = 'pack!/';
const inPack = (path: string): string => PREFIX + path;
const shown = (problems: readonly Problem[]): Problem[] =>
  problems.map((problem) => ({ ...problem, path: problem.path.slice(PREFIX.length) }));
const errorsOf = (problems: readonly Problem[]) => problems.filter(({ severity }) => severity === 'error');

function linkProblems(kept: readonly Parsed[], rules: StudioRules): readonly Problem[] {
  const targets = new Set(kept.map(({ target }) => target));
  const linked = linkRules([...kept.flatMap(({ documents }) => documents), ...rules.documentsBut(targets)]);
  return [...linked.problems, ...linkBaselines(linked).problems];
}

/** The rule as it would be kept, or the name of the file if the case holds just that. */
function plannedRule(
  { path, text, target, documents, problems }: Parsed,
  linking: readonly Problem[],
  pack: ReadPack,
  rules: StudioRules,
  own: readonly StoredRule[],
): PlannedRule | string {
  const tests = pack.tests.get(stemOf(path)) ?? '';
  const mine = own.find((one) => one.path === target && !one.isRemoved);
  const source = rules.files.set.sources.find((one) => one.path === target);
  if (mine === undefined ? source?.text === text : mine.text === text && mine.tests === tests) return path;
  const how = mine !== undefined ? 'changed' : source === undefined ? 'new' : 'replaces';
  const title = documents[0]?.title ?? '';
  const warnings = shown([...problems, ...linking]).slice(0, MOST_PROBLEMS);
  return { shown: { file: path, path: target, title, how, hasTests: tests !== '', warnings }, text, tests };
}

/** Gives each rule of a pack its place in the case. */
class Places {
  /** Sources by what names their rules. */
  readonly #known = new Map<string, string>();
  /** Files of the pack by the place that they have. */
  readonly #taken = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  readonly #live: ReadonlySet<string>;

  constructor(rules: StudioRules, own: readonly StoredRule[]) {
    for (const { path, documents } of rules.all()) {
      for (const { id } of documents) if (id !== null && id !== '') this.#known.set(id, path);
    }
    this.#live = new Set(own.filter(({ isRemoved }) => !isRemoved).map(({ path }) => path));
    for (const { path, text } of own) if (this.#live.has(path)) this.#known.set(titleKey(path, titleIn(text)), path);
  }

  take(file: PackFile, documents: readonly SigmaDocument[]): string | { readonly twice: string } {
    const ids = documents.flatMap(({ id }) => (id === null || id === '' ? [] : [id]));
    for (const id of ids) {
      const twice = this.#ids.get(id);
      if (twice !== undefined) return { twice };
    }
    for (const id of ids) this.#ids.set(id, file.path);
    const known = ids.map((id) => this.#known.get(id)).find((path) => path !== undefined);
    const target = known ?? this.#ownPlace(file, ids.length === 0 ? (documents[0]?.title ?? '') : null);
    const twice = this.#taken.get(target);
    if (twice !== undefined) return { twice };
    this.#taken.set(target, file.path);
    return target;
  }

  /** `title`: of a rule without an id, which is known by its name and title. */
  #ownPlace(file: PackFile, title: string | null): string {
    const name = nameOf(file.path);
    for (let number = 1; ; number++) {
      const path = `case/${name}${number === 1 ? '' : `-${number}`}.yml`;
      if (this.#taken.has(path)) continue;
      const isSame = title !== null && this.#known.get(titleKey(path, title)) === path;
      if (isSame || !this.#live.has(path)) return path;
    }
  }
}

const titleKey = (path: string, title: string): string => `${path}\n${title}`;
const titleIn = (text: string): string => parseRules('', text, {}).documents[0]?.title ?? '';

function nameOf(path: string): string {
  const name = basename(stemOf(path))
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 90);
  return name === '' ? 'rule' : name;
}

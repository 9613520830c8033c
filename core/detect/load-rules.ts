import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FieldStyle } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import { parseYaml } from '../sigma/sigma.ts';
import { readRuleText } from './read-rule-text.ts';
import type { RuleSet, RuleSource } from './rule-set.ts';

/** The pack that is shipped with the program. */
export const SHIPPED_RULES = fileURLToPath(new URL('../../rules', import.meta.url));

/** Files of one run: some times more than the largest public collection has. */
const MOST_FILES = 20_000;

/** Rules and lists as files, before anything is compiled. */
export interface RuleFiles {
  readonly set: RuleSet;
  /** The lists byte for byte, for the record of a run. */
  readonly listSources: readonly RuleSource[];
  /** Habits of other cases, as they were written. */
  readonly baselines?: readonly RuleSource[];
}

/** Reads rules and lists: the shipped pack and further files and folders; a list of the same name replaces a shipped one. */
export function loadRuleFiles(selection: {
  readonly shipped: boolean;
  readonly paths: readonly string[];
  readonly mapping?: FieldStyle;
}): RuleFiles {
  const files = [
    ...(selection.shipped ? filesBelow(SHIPPED_RULES, 'rules') : []),
    ...selection.paths.flatMap((path) => filesBelow(path, path)),
  ];
  if (files.length > MOST_FILES)
    throw new CaseError('rule/unreadable', `${files.length} files of rules are more than ${MOST_FILES}.`, {
      hint: 'Name the folder that holds the rules for Kubernetes.',
    });
  const isList = (file: RuleSource) => /(^|\/)lists\/[^/]+$/.test(file.path);
  const listSources = files.filter(isList);
  return {
    set: {
      sources: files.filter((file) => !isList(file)),
      ...(selection.mapping && { mapping: selection.mapping }),
      lists: Object.fromEntries(listSources.map((file) => [listName(file), valuesOf(file)])),
    },
    listSources,
  };
}

/** The name that rules know a list by. */
export const listName = (file: RuleSource): string => basename(file.path).replace(/\.ya?ml$/, '');

/** A list that cannot be read is told: rules that use it would be blind in silence. */
export function valuesOf(file: RuleSource): (string | number)[] {
  const { documents, problems } = parseYaml(file.path, file.text);
  const problem = problems.find(({ severity }) => severity === 'error');
  if (problem !== undefined) throw wrongList(file, problem.message, problem);
  const values = documents[0]?.value['values'];
  if (!Array.isArray(values)) throw wrongList(file, 'It has no list of `values`.');
  return values.flatMap((value) => {
    if (typeof value === 'string' || typeof value === 'number') return [value];
    return typeof value === 'bigint' ? [String(value)] : [];
  });
}

function wrongList({ path }: RuleSource, why: string, at: { line?: number; column?: number } = {}): CaseError {
  const { line = 1, column = 1 } = at;
  return new CaseError('rule/invalid', `${path}:${line}:${column}: the list cannot be read: ${why}`, {
    hint: 'rules/lists/README.md says how a list is written.',
    at: { path, line, column },
  });
}

function filesBelow(path: string, label: string): RuleSource[] {
  try {
    if (!statSync(path).isDirectory()) return [{ path: label, text: readRuleText(path) }];
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    return entries.flatMap((entry) => {
      if (entry.isDirectory()) return filesBelow(join(path, entry.name), `${label}/${entry.name}`);
      const isRule = entry.isFile() && /\.ya?ml$/.test(entry.name) && !/\.test\.ya?ml$/.test(entry.name);
      return isRule ? [{ path: `${label}/${entry.name}`, text: readRuleText(join(path, entry.name)) }] : [];
    });
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new CaseError('rule/unreadable', `${label} ${why}.`, {
      cause: error,
      hint: 'Name a rule file, or a folder of rules.',
    });
  }
}

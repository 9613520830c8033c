import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { FieldStyle } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import type { RuleSet, RuleSource } from './rule-set.ts';

/** The pack that is shipped with the program. */
export const SHIPPED_RULES = fileURLToPath(new URL('../../rules', import.meta.url));

/** Rules and lists as files, before anything is compiled. */
export interface RuleFiles {
  readonly set: RuleSet;
  /** The lists byte for byte, for the record of a run. */
  readonly listSources: readonly RuleSource[];
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

function valuesOf(file: RuleSource): (string | number)[] {
  const raw: unknown = parse(file.text, { maxAliasCount: 0 });
  const values = typeof raw === 'object' && raw !== null && 'values' in raw ? raw.values : [];
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string' || typeof value === 'number') : [];
}

function filesBelow(path: string, label: string): RuleSource[] {
  try {
    if (!statSync(path).isDirectory()) return [{ path: label, text: readFileSync(path, 'utf8') }];
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    return entries.flatMap((entry) => {
      if (entry.isDirectory()) return filesBelow(join(path, entry.name), `${label}/${entry.name}`);
      const isRule = entry.isFile() && /\.ya?ml$/.test(entry.name) && !/\.test\.ya?ml$/.test(entry.name);
      return isRule ? [{ path: `${label}/${entry.name}`, text: readFileSync(join(path, entry.name), 'utf8') }] : [];
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

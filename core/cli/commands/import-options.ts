import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { FIELD_STYLES, type FieldStyle } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import type { ImportOptions, RuleSelection } from '../../host/api.ts';
import { gathered } from '../shared-options.ts';

/** Options of whatever imports. */
export interface ImportFlags {
  readonly cluster?: string;
  readonly server?: string;
  readonly label?: string;
  readonly passwordFile?: string;
}

export function addImportOptions(command: Command): void {
  command
    .option('--cluster <name>', 'the cluster that the evidence is from')
    .option('--server <name>', 'the API server that the evidence is from')
    .option('--label <text>', 'a note for the ledger')
    .option('--password-file <file>', 'passwords of archives, one a line');
}

/** Options of whatever runs rules. */
export interface RulesFlags {
  readonly rules?: readonly string[];
  readonly mapping?: FieldStyle;
  readonly baseline?: readonly string[];
}

export function addRulesOption(command: Command): void {
  command.option('--rules <path>', 'further rules: a file or a folder (repeatable)', gathered);
  addMappingOption(command);
}

/** `--baseline FILE`, for whatever judges a case. */
export function addBaselineOption(command: Command): void {
  command.option('--baseline <file>', 'habits of another case, made by baseline export (repeatable)', gathered);
}

/** `--mapping STYLE`, for rules that name fields as another program does. */
export function addMappingOption(command: Command): void {
  const option = new Option('--mapping <style>', 'further rules name fields in the style of: see docs/mappings.md');
  command.addOption(option.choices(FIELD_STYLES));
}

export function rulesOf({ rules, mapping, baseline }: RulesFlags): RuleSelection {
  return { shipped: true, paths: rules ?? [], ...(mapping && { mapping }), ...(baseline && { baselines: baseline }) };
}

/** What the engine is told about an import. */
export function importOptions(flags: ImportFlags, rules?: RuleSelection): ImportOptions {
  const { cluster, server, label, passwordFile } = flags;
  return {
    ...(cluster !== undefined && { cluster }),
    ...(server !== undefined && { server }),
    ...(label !== undefined && { label }),
    passwords: passwordFile === undefined ? [] : readPasswords(passwordFile),
    ...(rules !== undefined && { rules }),
  };
}

function readPasswords(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '');
  } catch (cause) {
    const hint = 'Name a text file with one password a line.';
    throw new CaseError('usage', 'The password file cannot be read.', { at: { path }, hint, cause });
  }
}

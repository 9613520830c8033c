import { type Dir, existsSync, opendirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadRuleFiles } from '../../detect/load-rules.ts';
import type { RuleSource } from '../../detect/rule-set.ts';
import { CaseError } from '../../fault.ts';
import type { RuleSelection } from '../api.ts';
import { readRule } from '../rule-files.ts';
import { putFile } from './put-file.ts';

/** Folders of rules besides the shipped pack: what is saved there is a file, for a repository of one's own. */
export function foldersOf({ paths }: RuleSelection): string[] {
  return paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}

/** Entries of a folder of rules at most: all of them are looked at with every question about rules. */
const MOST_ENTRIES = 20_000;

/**
 * A selection with one folder more. Raises `usage` for one that is open already or too large to be one of rules, and what reading
 * its rules and lists raises.
 */
export function withFolder(selection: RuleSelection, path: string): RuleSelection {
  const isOpen = (one: string) => one === path || path.startsWith(`${one}/`) || one.startsWith(`${path}/`);
  const open = foldersOf(selection).find(isOpen);
  if (open !== undefined) {
    throw new CaseError('usage', `${path} is open already, or lies in what is, or holds it: ${open}.`, {
      hint: 'Close the other folder first, or choose another one.',
    });
  }
  refuseLarge(path);
  loadRuleFiles({ shipped: false, paths: [path] });
  return { ...selection, paths: [...selection.paths, path] };
}

function openFolder(path: string): Dir {
  try {
    return opendirSync(path, { recursive: true });
  } catch (cause) {
    throw new CaseError('rule/unreadable', `${path} cannot be read.`, { cause, hint: 'Choose another folder.' });
  }
}

function refuseLarge(path: string): void {
  const folder = openFolder(path);
  try {
    for (let entries = 0; folder.readSync() !== null; entries++) {
      if (entries < MOST_ENTRIES) continue;
      throw new CaseError('usage', `${path} holds more than ${MOST_ENTRIES} files and folders.`, {
        hint: 'Choose the folder that holds the rules.',
      });
    }
  } finally {
    folder.closeSync();
  }
}

/** Whether a rule is a file that was named, or stands in a folder that was. */
export function isFile(path: string, selection: RuleSelection): boolean {
  return selection.paths.some((one) => path === one || path.startsWith(`${one}/`)) && existsSync(path);
}

const NEW_NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}\.yml$/;

/** Whether a new rule may have that path: directly in a folder, under a plain name. */
export function isNewFile(path: string, selection: RuleSelection): boolean {
  return foldersOf(selection).some(
    (folder) => path.startsWith(`${folder}/`) && NEW_NAME.test(path.slice(folder.length + 1)) && !existsSync(path),
  );
}

const testsPath = (path: string): string => path.replace(/\.ya?ml$/, '.test.yml');

/** The file as it is now. */
export function readFileRule(path: string): RuleSource & { readonly tests: string } {
  const beside = testsPath(path);
  return { path, text: readRule(path), tests: existsSync(beside) ? readRule(beside) : '' };
}

/** Writes a rule and its tests beside it; without tests no file stays. Each file is whole before it takes the other's place. */
export function writeFileRule(path: string, text: string, tests: string): void {
  const beside = testsPath(path);
  if (tests.trim() !== '') putFile(beside, tests, 0o644);
  putFile(path, text, 0o644);
  if (tests.trim() === '') rmSync(beside, { force: true });
}

/** Takes a rule and its tests away. */
export function removeFileRule(path: string): void {
  rmSync(path);
  rmSync(testsPath(path), { force: true });
}

/** Changes when a file of rules, of tests or of lists is written, comes or goes; empty where only the shipped pack is read. */
export const stampOf = ({ paths }: RuleSelection): string => paths.map(stampBelow).join('\n');

function stampBelow(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return `${path} gone`;
  if (!status.isDirectory()) return `${path} ${status.mtimeMs} ${status.size} ${status.ino}`;
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || (entry.isFile() && /\.ya?ml$/.test(entry.name)))
    .map(({ name }) => stampBelow(join(path, name)))
    .join('\n');
}

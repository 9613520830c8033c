import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MOST_RULE_CHARACTERS, type UnsavedRule } from '../../contract/studio-calls.ts';
import { CaseError } from '../../fault.ts';
import { parseJson } from '../../json.ts';
import { putFile } from './put-file.ts';

/** Rules that one case may have unsaved at a time. */
const MOST_RULES = 200;
/** Text and tests, each character escaped. */
const MOST_BYTES = 2 * 6 * MOST_RULE_CHARACTERS + 4096;

/** Where what is not saved lies: beside the case, since the case itself changes by actions only. */
export const unsavedFolder = (casePath: string): string => `${casePath}.unsaved`;

const fileOf = (casePath: string, path: string): string =>
  join(unsavedFolder(casePath), `${createHash('sha256').update(path).digest('hex').slice(0, 32)}.json`);

/** Keeps a text that is being written; it is on the disk when this returns. Raises `output/unwritable`. */
export function keepUnsaved(casePath: string, rule: UnsavedRule): void {
  const folder = unsavedFolder(casePath);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!lstatSync(folder).isDirectory()) throw new Error('it is no folder');
  } catch (cause) {
    throw new CaseError('output/unwritable', `${folder} cannot be made.`, {
      at: { path: folder },
      hint: 'What is not saved is kept in this browser only, until it is saved.',
      cause,
    });
  }
  const isNew = readUnsaved(casePath, rule.path) === null;
  if (isNew && readdirSync(folder).length >= MOST_RULES) {
    throw new CaseError('output/unwritable', `More than ${MOST_RULES} rules are not saved.`, {
      hint: 'Save some, or give them up.',
    });
  }
  putFile(fileOf(casePath, rule.path), JSON.stringify(rule), 0o600);
}

/** What was written of a rule and not saved, or null. */
export function readUnsaved(casePath: string, path: string): UnsavedRule | null {
  const rule = readOne(fileOf(casePath, path));
  return rule?.path === path ? rule : null;
}

/** All that is not saved, by path. */
export function listUnsaved(casePath: string): UnsavedRule[] {
  const folder = unsavedFolder(casePath);
  return namesIn(folder)
    .slice(0, MOST_RULES)
    .map((name) => readOne(join(folder, name)))
    .filter((rule) => rule !== null)
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Forgets what was not saved of a rule, and the folder with the last one. */
export function dropUnsaved(casePath: string, path: string): void {
  rmSync(fileOf(casePath, path), { force: true });
  const folder = unsavedFolder(casePath);
  try {
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  } catch {
    // There is none, or somebody else looks after it.
  }
}

function namesIn(folder: string): string[] {
  try {
    if (!lstatSync(folder).isDirectory()) return [];
    return readdirSync(folder).filter((name) => /^[0-9a-f]{32}\.json$/.test(name));
  } catch {
    return [];
  }
}

/** The folder may come with a case from a stranger: what is not ours, or no file, is as if it were not there. */
function readOne(path: string): UnsavedRule | null {
  try {
    const status = lstatSync(path);
    if (!status.isFile() || status.size > MOST_BYTES) return null;
    const raw = parseJson(readFileSync(path, 'utf8')) as Partial<Record<keyof UnsavedRule, unknown>> | null;
    const { path: rule, text, tests, version, over, time } = raw ?? {};
    if (typeof rule !== 'string' || typeof text !== 'string' || typeof tests !== 'string') return null;
    return {
      path: rule,
      text,
      tests,
      version: Number(version),
      over: typeof over === 'string' ? over : null,
      time: Number(time),
    };
  } catch {
    return null;
  }
}

import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type ReadBaseline, readBaseline } from '../detect/baseline/baseline-file.ts';
import type { RuleFiles } from '../detect/load-rules.ts';
import type { Pack } from '../detect/pack.ts';
import type { RuleSource } from '../detect/rule-set.ts';
import { CaseError } from '../fault.ts';

const MOST_BYTES = 256 * 1024 * 1024;

/** Where the record of a run keeps them. */
export const BASELINE_FOLDER = 'baseline/';

/** Rules with the habits of other cases, as files. */
export function withBaselineFiles(files: RuleFiles, paths: readonly string[] = []): RuleFiles {
  return paths.length === 0 ? files : { ...files, baselines: paths.map(sourceOf) };
}

function sourceOf(path: string): RuleSource {
  try {
    if (statSync(path).size <= MOST_BYTES)
      return { path: `${BASELINE_FOLDER}${basename(path)}`, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw new CaseError('baseline/invalid', `The baseline ${path} cannot be read.`, {
      hint: 'Name a file that `decklog baseline export` has made.',
      cause,
    });
  }
  throw new CaseError('baseline/invalid', `The baseline ${path} is larger than 256 MiB.`, {
    hint: 'Export a shorter period.',
  });
}

/** What the files teach the baselines of a pack. */
export const readBaselineFiles = (pack: Pack, files: readonly RuleSource[] = []): ReadBaseline[] =>
  files.map(({ path, text }) => readBaseline(path, text, pack));

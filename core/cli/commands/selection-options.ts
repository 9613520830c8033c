import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  REDACTION_PROFILES,
  REPORT_SECTIONS,
  type RedactionProfile,
  type ReportSectionId,
  type ReportSelection,
} from '../../contract/report.ts';
import { LEVELS, type Level } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import { madeTime } from '../made-time.ts';
import { gathered, wholeNumber } from '../shared-options.ts';

/** What goes into a report or a bundle, as options. */
export interface SelectionFlags {
  readonly redact?: RedactionProfile | true;
  readonly title?: string;
  readonly question?: string;
  readonly text?: string;
  readonly conclusion?: string;
  readonly level?: Level;
  readonly incident?: readonly number[];
  readonly without?: readonly ReportSectionId[];
  readonly made?: string;
}

const SECTION_IDS = REPORT_SECTIONS.map(({ id }) => id);

export function addSelectionOptions(command: Command): void {
  const profile = new Option('--redact [profile]', 'pseudonyms in place of names (profile by default: names)');
  const without = new Option('--without <section>', `leave out a section: ${SECTION_IDS.join(', ')}`);
  command
    .addOption(profile.choices(REDACTION_PROFILES))
    .option('--title <text>', 'the title')
    .option('--question <text>', 'the question that the report answers')
    .option('--text <file>', 'your own words on the scope, a Markdown file')
    .option('--conclusion <file>', 'your own conclusion, a Markdown file')
    .addOption(new Option('--level <level>', 'findings of this level and above').choices(LEVELS))
    .option('--incident <id>', 'only this incident; may be given several times', gatheredNumber)
    .addOption(without.argParser(gatheredSection))
    .option('--made <time>', 'the time of making that it states (default: now)');
}

export function selectionOf(flags: SelectionFlags): ReportSelection & { readonly made: string } {
  const { title, question, level, incident, without, redact, text, conclusion } = flags;
  return {
    made: madeTime(flags.made),
    ...(title !== undefined && { title }),
    ...(question !== undefined && { question }),
    ...(text !== undefined && { text: readText(text) }),
    ...(conclusion !== undefined && { conclusion: readText(conclusion) }),
    ...(level !== undefined && { level }),
    ...(incident !== undefined && { incidents: incident }),
    ...(without !== undefined && { without }),
    ...(redact !== undefined && { redact: redact === true ? 'names' : redact }),
  };
}

function gatheredNumber(text: string, before?: readonly number[]): readonly number[] {
  return [...(before ?? []), wholeNumber(1)(text)];
}

function gatheredSection(text: string, before?: readonly string[]): readonly string[] {
  if (!SECTION_IDS.some((id) => id === text)) {
    throw new CaseError('usage', `There is no section ${text}.`, { hint: `Use one of ${SECTION_IDS.join(', ')}.` });
  }
  return gathered(text, before);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CaseError('usage', `The text at ${path} cannot be read.`, {
      at: { path },
      cause,
      hint: 'Name a Markdown file.',
    });
  }
}

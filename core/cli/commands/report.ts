import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Option } from 'commander';
import {
  type MadeFile,
  REDACTION_PROFILES,
  REPORT_SECTIONS,
  type RedactionProfile,
  type ReportRequest,
  type ReportSectionId,
} from '../../contract/report.ts';
import { REPORT_FORMATS, type ReportFormat } from '../../contract/report-calls.ts';
import { LEVELS, type Level } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { madeTime } from '../made-time.ts';
import { gathered, wholeNumber } from '../shared-options.ts';
import { size } from '../words.ts';

interface ReportFlags {
  readonly output: string;
  readonly format?: ReportFormat;
  readonly redact?: RedactionProfile | true;
  readonly title?: string;
  readonly question?: string;
  readonly text?: string;
  readonly level?: Level;
  readonly incident?: readonly number[];
  readonly without?: readonly ReportSectionId[];
  readonly made?: string;
}

const SECTION_IDS = REPORT_SECTIONS.map(({ id }) => id);

export const report: CommandDefinition = {
  name: 'report',
  summary: 'a report that another examiner can check',
  description: `Writes a report: what was asked, what was read, what was found with the place of every proving byte, what the log
cannot show, who did what in the case. The format follows from the file's name unless --format says it. A set of CSV tables is
a zip, or a folder if the name ends with a slash. docs/verify.md shows how to check a citation without this program.`,
  examples: [
    { command: 'report northwind.decklog -o report.html', does: 'one page for a browser, with nothing from outside' },
    {
      command: 'report northwind.decklog -o report.pdf --level medium --question "Was the token misused?"',
      does: 'for the file',
    },
    { command: 'report northwind.decklog -o shared.html --redact', does: 'with pseudonyms in place of names' },
  ],
  exits: [EXIT.cancelled],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .requiredOption('-o, --output <file>', 'where to write it')
      .addOption(new Option('--format <format>', 'the format').choices(REPORT_FORMATS))
      .addOption(
        new Option('--redact [profile]', 'pseudonyms in place of names (default profile: names)').choices(
          REDACTION_PROFILES,
        ),
      )
      .option('--title <text>', 'the title')
      .option('--question <text>', 'the question that the report answers')
      .option('--text <file>', 'your own words, a Markdown file')
      .addOption(new Option('--level <level>', 'findings of this level and above').choices(LEVELS))
      .option('--incident <id>', 'only this incident; may be given several times', gatheredNumber)
      .addOption(
        new Option('--without <section>', `leave out a section: ${SECTION_IDS.join(', ')}`).argParser(gatheredSection),
      )
      .option('--made <time>', 'the time of making that it states (default: now)');
  },
  async run(call) {
    const [path = ''] = call.args;
    const flags = call.options<ReportFlags>();
    const request = requestOf(flags);
    const files = await call.withCaseToOutput(path, (session) => session.outputs.report(request, call.context));
    const written = await writeFiles(flags.output, files);
    if (call.isJson)
      await call.json({
        path: flags.output,
        format: request.format,
        bytes: written,
        files: files.map(({ name }) => name),
      });
    else await call.out.line(`Wrote ${flags.output}, ${size(written)}.`);
    return EXIT.done;
  },
};

function gatheredNumber(text: string, before?: readonly number[]): readonly number[] {
  return [...(before ?? []), wholeNumber(1)(text)];
}

function gatheredSection(text: string, before?: readonly string[]): readonly string[] {
  if (!SECTION_IDS.some((id) => id === text)) {
    throw new CaseError('usage', `There is no section ${text}.`, { hint: `Use one of ${SECTION_IDS.join(', ')}.` });
  }
  return gathered(text, before);
}

function requestOf(flags: ReportFlags): ReportRequest {
  const { title, question, level, incident, without, redact, text } = flags;
  return {
    format: flags.format ?? formatOf(flags.output),
    made: madeTime(flags.made),
    ...(title !== undefined && { title }),
    ...(question !== undefined && { question }),
    ...(text !== undefined && { text: readText(text) }),
    ...(level !== undefined && { level }),
    ...(incident !== undefined && { incidents: incident }),
    ...(without !== undefined && { without }),
    ...(redact !== undefined && { redact: redact === true ? 'names' : redact }),
  };
}

function formatOf(output: string): ReportFormat {
  const suffix = extname(output).slice(1).toLowerCase();
  if (suffix === 'zip' || output.endsWith('/')) return 'csv';
  const found = REPORT_FORMATS.find((format) => format === (suffix === 'htm' ? 'html' : suffix));
  if (found !== undefined) return found;
  throw new CaseError('usage', `The name ${output} does not say which format it should have.`, {
    hint: `Add --format with one of ${REPORT_FORMATS.join(', ')}.`,
  });
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

/** One file as it is; several into a folder, or a zip. Returns the bytes written. */
async function writeFiles(output: string, files: readonly MadeFile[]): Promise<number> {
  const [only] = files;
  try {
    if (files.length === 1 && only !== undefined) return writeOne(output, only.bytes);
    if (output.endsWith('/') || isFolder(output)) {
      mkdirSync(output, { recursive: true });
      return files.reduce((sum, { name, bytes }) => sum + writeOne(join(output, name), bytes), 0);
    }
    const { zipOf } = await import('../../report/zip.ts');
    return writeOne(output, zipOf(files));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CaseError('output/unwritable', `${output} cannot be written: ${why}`, {
      at: { path: output },
      cause,
      hint: 'Name another place with -o.',
    });
  }
}

function writeOne(path: string, bytes: Uint8Array): number {
  writeFileSync(path, bytes);
  return bytes.length;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Option } from 'commander';
import type { MadeFile, ReportRequest } from '../../contract/report.ts';
import { REPORT_FORMATS, type ReportFormat } from '../../contract/report-calls.ts';
import { CaseError } from '../../fault.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { unwritable } from '../output-file.ts';
import { size } from '../words.ts';
import { addSelectionOptions, type SelectionFlags, selectionOf } from './selection-options.ts';

interface ReportFlags extends SelectionFlags {
  readonly output: string;
  readonly format?: ReportFormat;
}

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
      .addOption(new Option('--format <format>', 'the format').choices(REPORT_FORMATS));
    addSelectionOptions(command);
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

function requestOf(flags: ReportFlags): ReportRequest {
  return { format: flags.format ?? formatOf(flags.output), ...selectionOf(flags) };
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
    throw unwritable(output, cause);
  }
}

function writeOne(path: string, bytes: Uint8Array): number {
  writeFileSync(path, bytes);
  return bytes.length;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

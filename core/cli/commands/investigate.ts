import type { Level } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import type { ImportOutcome } from '../../host/api.ts';
import type { Call } from '../call.ts';
import { caseExists, defaultCasePath } from '../case-file.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { coverageLine, findingLines, standing, userQuery, warningLines, worstOf } from '../findings.ts';
import { incidentSummary } from '../incident-text.ts';
import { readSentence, remarks } from '../ledger.ts';
import { failOnOption } from '../shared-options.ts';
import { counted, duration } from '../words.ts';
import {
  addBaselineOption,
  addImportOptions,
  addRulesOption,
  type ImportFlags,
  importOptions,
  type RulesFlags,
  rulesOf,
} from './import-options.ts';

export interface InvestigateFlags extends ImportFlags, RulesFlags {
  readonly case?: string;
  readonly failOn?: Level;
}

/** More remarks than this are left to `evidence`. */
const MOST_REMARKS = 10;

export const investigate: CommandDefinition = {
  name: 'investigate',
  summary: 'read evidence into a new case and show the findings',
  description: `Reads evidence into a new case, runs the rules over it and shows what they found. The case is named after the
first path and made in the current folder; a case that exists is added to only if --case names it. Whatever goes wrong,
no half-made case stays behind.`,
  examples: [
    { command: 'investigate audit.log.gz', does: 'one file, into audit.log.gz.decklog' },
    { command: 'investigate /evidence --case northwind.decklog', does: 'a folder, into a case of your choice' },
    { command: 'investigate audit.log --rules my-rules --fail-on high', does: 'with further rules, for a script' },
  ],
  exits: [EXIT.alertStands, EXIT.cancelled],
  define(command) {
    command
      .argument('<path...>', 'files, folders and archives')
      .option('--case <file>', "the case file (default: the first path's name with .decklog)");
    addImportOptions(command);
    addRulesOption(command);
    addBaselineOption(command);
    command.addOption(failOnOption());
  },
  async run(call) {
    const flags = call.options<InvestigateFlags>();
    return investigateInto(chosenCase(call.args[0] as string, flags.case), call.args, flags, call);
  },
};

function chosenCase(firstPath: string, named: string | undefined): string {
  const path = named ?? defaultCasePath(firstPath);
  if (named !== undefined || !caseExists(path)) return path;
  const hint = `To add to it, name it: --case ${path}. For a new case, name another.`;
  throw new CaseError('case/exists', `There is a case ${path} already.`, { at: { path }, hint });
}

/** Reads, detects and tells; also what `start` does. */
export async function investigateInto(
  path: string,
  paths: readonly string[],
  flags: InvestigateFlags,
  call: Call,
): Promise<ExitCode> {
  const options = importOptions(flags, rulesOf(flags));
  const outcome = await call.withCaseToFill(path, (session) => session.import(paths, options, call.context));
  if (call.isJson) await call.json(outcome);
  else await show(path, outcome, call);
  const hasFailed = flags.failOn !== undefined && standing(outcome.alerts ?? [], flags.failOn).length > 0;
  return hasFailed ? EXIT.alertStands : EXIT.done;
}

async function show(path: string, outcome: ImportOutcome, call: Call): Promise<void> {
  const { evidence, timing, alerts = [], incidents = [], coverage = [], warnings = [] } = outcome;
  const notes = evidence.flatMap(remarks);
  const left = notes.length - MOST_REMARKS;
  const lines = [
    readSentence(evidence, duration(timing.totalMs)),
    ...notes.slice(0, MOST_REMARKS),
    ...(left > 0 ? [`and ${counted(left, 'more remark')}: ${call.next('evidence', path)}`] : []),
    '',
    ...incidentSummary(path, incidents, call),
    ...findingLines(path, alerts, call),
    ...warningLines(warnings),
    '',
    ...(coverage.length > 0 ? [`${coverageLine(coverage)} ${call.next('coverage', path)}`] : []),
    ...waysOn(path, outcome, call),
  ];
  for (const line of lines) await call.out.line(line);
}

function waysOn(path: string, { alerts = [] }: ImportOutcome, call: Call): string[] {
  const worst = worstOf(alerts);
  if (worst === undefined) return [`Search for yourself: ${call.next('events', path, 'verb:create')}`];
  return [
    `An alert with its proof: ${call.next('alert', path, String(worst.id))}`,
    `All that an identity did: ${call.next('events', path, userQuery(worst.user))}`,
  ];
}

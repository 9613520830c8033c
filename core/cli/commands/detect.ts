import type { Level } from '../../contract/rows.ts';
import type { DetectOutcome } from '../../host/api.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { coverageLine, findingLines, standing, warningLines } from '../findings.ts';
import { failOnOption } from '../shared-options.ts';
import { type Column, tableLines } from '../table.ts';
import { count, duration } from '../words.ts';
import { addBaselineOption, addRulesOption, type RulesFlags, rulesOf } from './import-options.ts';

interface DetectFlags extends RulesFlags {
  readonly failOn?: Level;
  readonly profile?: true;
  readonly again?: true;
}

export const detect: CommandDefinition = {
  name: 'detect',
  summary: 'run the rules over a case',
  description: `Runs the shipped rules, and those given with --rules, over the events of a case. The same rules over the same
evidence give the same alerts; what people said about an alert stays with it. A case keeps which events the rules of its
last run have met: where they have not changed, only events that came since are read.`,
  examples: [
    { command: 'detect northwind.decklog', does: 'the shipped rules' },
    {
      command: 'detect northwind.decklog --rules my-rules --profile',
      does: 'with further rules, and the cost of each',
    },
  ],
  exits: [EXIT.alertStands, EXIT.cancelled],
  define(command) {
    command.argument('<case>', 'the case file');
    addRulesOption(command);
    addBaselineOption(command);
    command
      .addOption(failOnOption())
      .option('--again', 'read all events again, whatever the case keeps of the last run')
      .option('--profile', 'tell for each rule what it saw, matched and cost');
  },
  async run(call) {
    const [path = ''] = call.args;
    const flags = call.options<DetectFlags>();
    const outcome = await call.withCase(path, 'write', (session) =>
      session.detect({ ...rulesOf(flags), profile: flags.profile === true, again: flags.again === true }, call.context),
    );
    if (call.isJson) await call.json(flags.profile ? outcome : withoutProfile(outcome));
    else await show(path, outcome, flags, call);
    const hasFailed = flags.failOn !== undefined && standing(outcome.alerts, flags.failOn).length > 0;
    return hasFailed ? EXIT.alertStands : EXIT.done;
  },
};

function withoutProfile({ profile: _, ...rest }: DetectOutcome): Omit<DetectOutcome, 'profile'> {
  return rest;
}

async function show(path: string, outcome: DetectOutcome, flags: DetectFlags, call: Call): Promise<void> {
  const { alerts, coverage, timing, profile, warnings } = outcome;
  const lines = [
    ...findingLines(path, alerts, call),
    ...warningLines(warnings),
    '',
    ...(flags.profile ? [...profileLines(profile, call), ''] : []),
    `${coverageLine(coverage)} It took ${duration(timing.detectMs)}.`,
  ];
  for (const line of lines) await call.out.line(line);
}

const COLUMNS: readonly Column[] = [
  { head: 'Rule', least: 30 },
  { head: 'Events seen', align: 'right' },
  { head: 'Matched', align: 'right' },
  { head: 'ms', align: 'right' },
];

function profileLines(profile: DetectOutcome['profile'], call: Call): string[] {
  const rows = [...profile].sort((a, b) => b.ms - a.ms);
  const cells = rows.map(({ title, seen, matched, ms }) => [title, count(seen), count(matched), ms.toFixed(1)]);
  return tableLines(COLUMNS, cells, call.width);
}

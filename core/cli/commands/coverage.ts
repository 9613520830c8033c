import { Option } from 'commander';
import { type Coverage, LEVELS, type Level } from '../../contract/rows.ts';
import { jsonText } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { coverageLine } from '../findings.ts';
import type { Style } from '../paint.ts';
import { type Column, tableLines } from '../table.ts';
import { count, counted } from '../words.ts';

const STYLES: Readonly<Record<Coverage['state'], readonly Style[]>> = {
  fired: ['bold'],
  clean: ['green'],
  blind: ['yellow'],
};

interface CoverageFlags {
  readonly policy?: true;
  readonly level?: Level;
}

export const coverage: CommandDefinition = {
  name: 'coverage',
  summary: 'for each rule: fired, clean, or blind with the reason',
  description: `Tells for each rule of the last run whether it fired, found nothing, or could not have fired at all: what this
log cannot show is blind, never clean. With --json: one rule a line. With --policy it proposes the smallest change of the
audit policy that would lift the blind spots of a level and above, as a policy file.`,
  examples: [
    { command: 'coverage northwind.decklog', does: 'what the silence of each rule is worth' },
    {
      command: 'coverage northwind.decklog --policy > audit-policy.yaml',
      does: 'what the policy would have to record',
    },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .option('--policy', 'propose an audit policy, in YAML')
      .addOption(new Option('--level <level>', 'with --policy: for rules of this level and above').choices(LEVELS));
  },
  async run(call) {
    const [path = ''] = call.args;
    const { policy, level } = call.options<CoverageFlags>();
    if (policy) return propose(path, level ?? 'medium', call);
    const rows = await call.withCase(path, 'read', (session) => session.coverage());
    if (call.isJson) for (const row of rows) await call.out.machine(`${jsonText(row)}\n`);
    else await show(path, rows, call);
    return EXIT.done;
  },
};

async function propose(path: string, level: Level, call: Call): Promise<ExitCode> {
  const proposal = await call.withCase(path, 'read', (session) => session.policy(level));
  if (call.isJson) await call.json(proposal);
  else
    await call.out.text(
      proposal.policy ?? `# No audit policy would let a blind rule of level ${level} or above see.\n`,
    );
  return EXIT.done;
}

async function show(path: string, rows: readonly Coverage[], call: Call): Promise<void> {
  if (rows.length === 0) return call.out.line(`No rules were run yet: ${call.next('detect', path)}`);
  const paint = (cell: string, row: number) => call.paint(cell, ...STYLES[rows[row]?.state ?? 'clean']);
  const columns: Column[] = [
    { head: 'State', paint },
    { head: 'Rule', least: 30 },
    { head: 'Events seen', align: 'right' },
    { head: 'Reason' },
  ];
  const cells = rows.map((row) => [stateOf(row), row.rule.title, count(row.eventsSeen), reasonOf(row)]);
  for (const line of [...tableLines(columns, cells, call.width), '', coverageLine(rows)]) await call.out.line(line);
}

const stateOf = ({ state, parts }: Coverage): string =>
  state === 'clean' && parts.length > 0 ? 'clean except' : state;

/** The first part of the time in which it was blind; `--json` has them all. */
function reasonOf({ reason, parts }: Coverage): string {
  const [first] = parts;
  if (first === undefined) return reason;
  const more = parts.length === 1 ? '' : `, and ${counted(parts.length - 1, 'other part')}`;
  return `${reason}; blind from ${first.from.slice(0, 19)} to ${first.to.slice(0, 19)}: ${first.reason}${more}`;
}

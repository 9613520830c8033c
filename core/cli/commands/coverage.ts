import type { Coverage } from '../../contract/rows.ts';
import { jsonText } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { coverageLine } from '../findings.ts';
import type { Style } from '../paint.ts';
import { type Column, tableLines } from '../table.ts';
import { count, counted } from '../words.ts';

const STYLES: Readonly<Record<Coverage['state'], readonly Style[]>> = {
  fired: ['bold'],
  clean: ['green'],
  blind: ['yellow'],
};

export const coverage: CommandDefinition = {
  name: 'coverage',
  summary: 'for each rule: fired, clean, or blind with the reason',
  description: `Tells for each rule of the last run whether it fired, found nothing, or could not have fired at all: what this
log cannot show is blind, never clean. With --json: one rule a line.`,
  examples: [{ command: 'coverage northwind.decklog', does: 'what the silence of each rule is worth' }],
  define(command) {
    command.argument('<case>', 'the case file');
  },
  async run(call) {
    const [path = ''] = call.args;
    const rows = await call.withCase(path, 'read', (session) => session.coverage());
    if (call.isJson) for (const row of rows) await call.out.machine(`${jsonText(row)}\n`);
    else await show(path, rows, call);
    return EXIT.done;
  },
};

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

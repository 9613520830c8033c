import type { Coverage } from '../../contract/rows.ts';
import type { Session } from '../../host/api.ts';
import { jsonText } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { coverageLine } from '../findings.ts';
import type { Style } from '../paint.ts';
import { type Column, tableLines } from '../table.ts';
import { count } from '../words.ts';

/** The session of core/host has it; its interface is about to say so. */
type CoveredSession = Session & { coverage(): readonly Coverage[] };

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
    const rows = await call.withCase(path, 'read', (session) => (session as CoveredSession).coverage());
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
  const cells = rows.map(({ state, rule, eventsSeen, reason }) => [state, rule.title, count(eventsSeen), reason]);
  for (const line of [...tableLines(columns, cells, call.width), '', coverageLine(rows)]) await call.out.line(line);
}

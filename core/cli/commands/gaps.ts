import type { LogGap } from '../../contract/rows.ts';
import { jsonText } from '../../text.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { tableLines } from '../table.ts';
import { counted } from '../words.ts';

export const gaps: CommandDefinition = {
  name: 'gaps',
  summary: 'what is missing in the evidence, or does not fit together',
  description: `Lists times in which an API server wrote nothing though it always does, files that are missing in a sequence of
rotations, times that jump, stages that are missing in a row, and ids that were used again with other content. With --json:
one a line.`,
  examples: [{ command: 'gaps northwind.decklog', does: 'holes in the evidence, by time' }],
  define(command) {
    command.argument('<case>', 'the case file');
  },
  async run(call) {
    const [path = ''] = call.args;
    const found = await call.withCase(path, 'read', (session) => session.gaps());
    if (call.isJson) for (const gap of found) await call.out.machine(`${jsonText(gap)}\n`);
    else for (const line of lines(found, call.width)) await call.out.line(line);
    return EXIT.done;
  },
};

function lines(found: readonly LogGap[], width: number | null): string[] {
  if (found.length === 0) return ['Nothing is missing that this log could tell of.'];
  const columns = [
    { head: 'Kind' },
    { head: 'From', least: 19 },
    { head: 'To', least: 19 },
    { head: 'What', least: 30 },
  ];
  const rows = found.map(({ kind, from, to, reason }) => [kind, from.slice(0, 19), to.slice(0, 19), reason]);
  return [...tableLines(columns, rows, width), '', `${counted(found.length, 'gap')}.`];
}

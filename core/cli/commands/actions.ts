import { formatTime } from '../../host/time-bound.ts';
import { jsonText } from '../../text.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { tableLines } from '../table.ts';

export const actions: CommandDefinition = {
  name: 'actions',
  summary: 'who did what in this case, chained by hash',
  description: `Lists the log of actions, oldest first: who made the case, imported, ran rules, decided, hid, marked, exported and sealed.
Each entry's hash covers the one before; the last one is the head. With --json: one action a line, with its facts.`,
  examples: [{ command: 'actions northwind.decklog', does: 'the history of the case' }],
  define(command) {
    command.argument('<case>', 'the case file');
  },
  async run(call) {
    const [path = ''] = call.args;
    const all = await call.withCase(path, 'read', (session) => session.actions());
    if (call.isJson) {
      const rows = all.map((row) => ({ ...row, time: formatTime(row.time) }));
      for (const row of rows) await call.out.machine(`${jsonText(row)}\n`);
      return EXIT.done;
    }
    const columns = [
      { head: 'No', align: 'right' as const },
      { head: 'When' },
      { head: 'Who' },
      { head: 'What', least: 40 },
      { head: 'Hash' },
    ];
    const rows = all.map(({ id, time, examiner, text, hash }) => [
      String(id),
      formatTime(time).slice(0, 19),
      examiner,
      text,
      hash.slice(0, 12),
    ]);
    for (const line of tableLines(columns, rows, call.width)) await call.out.line(line);
    return EXIT.done;
  },
};

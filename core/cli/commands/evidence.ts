import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { ledgerLines } from '../ledger.ts';

export const evidence: CommandDefinition = {
  name: 'evidence',
  summary: 'the ledger of what was read, with sums that reconcile',
  description: `Lists every file and every member of every archive that was read, with its hash and counts: unique events,
duplicates, skipped and malformed records add up to the records of each line.`,
  examples: [{ command: 'evidence northwind.decklog', does: 'the ledger' }],
  define(command) {
    command.argument('<case>', 'the case file');
  },
  async run(call) {
    const [path = ''] = call.args;
    const ledger = await call.withCase(path, 'read', (session) => session.evidence());
    if (call.isJson) await call.json(ledger);
    else if (ledger.length === 0) await call.out.line(`Nothing was imported yet: ${call.next('import', path, 'PATH')}`);
    else for (const line of ledgerLines(ledger, call)) await call.out.line(line);
    return EXIT.done;
  },
};

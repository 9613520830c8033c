import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { readSentence, remarks, sumLine, sumsOf } from '../ledger.ts';
import { duration } from '../words.ts';
import { addImportOptions, type ImportFlags, importOptions } from './import-options.ts';

export const importEvidence: CommandDefinition = {
  name: 'import',
  summary: 'read evidence into a case',
  description:
    'Reads files, folders and archives into a case, which is made if there is none. All of it is read, or the case stays as it was.',
  examples: [
    { command: 'import northwind.decklog audit.log.gz', does: 'one file' },
    { command: 'import northwind.decklog /evidence --cluster prod', does: 'a folder with all that is in it' },
  ],
  exits: [EXIT.cancelled],
  define(command) {
    command.argument('<case>', 'the case file').argument('<path...>', 'files, folders and archives');
    addImportOptions(command);
  },
  async run(call) {
    const [path = '', ...paths] = call.args;
    const options = importOptions(call.options<ImportFlags>());
    const outcome = await call.withCaseToFill(path, (session) => session.import(paths, options, call.context));
    if (call.isJson) await call.json(outcome);
    else await show(path, outcome, call);
    return EXIT.done;
  },
};

type Outcome = Awaited<ReturnType<import('../../host/api.ts').Session['import']>>;

async function show(path: string, { evidence, timing }: Outcome, call: Call): Promise<void> {
  await call.out.line(readSentence(evidence, duration(timing.totalMs)));
  await call.out.line(sumLine(sumsOf(evidence)));
  for (const line of evidence.flatMap(remarks)) await call.out.line(line);
  await call.out.line(`Look for attacks: ${call.next('detect', path)}`);
}

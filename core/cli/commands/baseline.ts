import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CaseError } from '../../fault.ts';
import type { CommandDefinition, GroupDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { counted } from '../words.ts';
import { addRulesOption, type RulesFlags, rulesOf } from './import-options.ts';

interface ExportFlags extends RulesFlags {
  readonly output: string;
  readonly from?: string;
  readonly to?: string;
}

const exportBaseline: CommandDefinition = {
  name: 'export',
  summary: 'write what a case has taught, for another case',
  description: `Writes the habits of a quiet period as a small JSON file with a hash: who came from where, with which clients, what
each identity did and how much of it at which hour. Nothing is learnt from requests that stand in alerts of level medium
or above. Another case is judged with it by detect --baseline or investigate --baseline.`,
  examples: [
    {
      command: 'baseline export quiet.decklog -o habits.json --from 2026-02-01 --to 2026-02-14',
      does: 'two quiet weeks',
    },
    { command: 'investigate incident.log --baseline habits.json', does: 'a short log, judged by them' },
  ],
  exits: [EXIT.cancelled],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .requiredOption('-o, --output <file>', 'the file to write; it must not exist')
      .option('--from <time>', 'first moment to learn from')
      .option('--to <time>', 'last moment to learn from');
    addRulesOption(command);
  },
  async run(call) {
    const [path = ''] = call.args;
    const flags = call.options<ExportFlags>();
    const { output, from, to } = flags;
    const options = { ...rulesOf(flags), file: basename(output), ...(from && { from }), ...(to && { to }) };
    const { text, about } = await call.withCaseToOutput(path, (session) =>
      session.exportBaseline(options, call.context),
    );
    write(output, text);
    if (call.isJson) await call.json({ file: output, ...about });
    else {
      await call.out.line(`${output}: ${counted(about.groups, 'group')} of ${counted(about.rules, 'rule')}.`);
      await call.out.line(`Learnt from ${about.from} to ${about.to}; hash ${about.sha256}.`);
    }
    return EXIT.done;
  },
};

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    const hint = 'Name a file that does not exist yet, in a folder that does.';
    throw new CaseError('usage', 'The baseline cannot be written.', { at: { path }, hint, cause });
  }
}

export const baseline: GroupDefinition = {
  name: 'baseline',
  summary: 'what a case has taught, as a file for another case',
  commands: [exportBaseline],
};

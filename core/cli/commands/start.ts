import { basename } from 'node:path';
import { visible } from '../../text.ts';
import { defaultCasePath, freeCasePath, samplePath } from '../case-file.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { failOnOption } from '../shared-options.ts';
import { addImportOptions, addRulesOption } from './import-options.ts';
import { type InvestigateFlags, investigateInto } from './investigate.ts';

export const start: CommandDefinition = {
  name: 'start',
  summary: 'investigate evidence, or the bundled sample, afresh',
  description: `Investigates the given evidence, or the sample that comes with Decklog, in a fresh case in the current
folder: where a case of that name exists, the new one gets a number.`,
  examples: [
    { command: 'start', does: 'the bundled sample' },
    { command: 'start cluster-logs.tar.gz', does: 'an archive' },
  ],
  exits: [EXIT.alertStands, EXIT.cancelled],
  define(command) {
    command.argument('[path...]', 'files, folders and archives').option('--no-open', 'stop after the findings');
    addImportOptions(command);
    addRulesOption(command);
    command.addOption(failOnOption());
  },
  async run(call) {
    const paths = call.args.length > 0 ? call.args : [samplePath()];
    const path = freeCasePath(defaultCasePath(paths[0] as string));
    const code = await investigateInto(path, paths, call.options<InvestigateFlags>(), call);
    if (!call.isJson)
      await call.out.line(`The case is ${visible(basename(path))}. Look further: ${call.next('--help')}`);
    return code;
  },
};

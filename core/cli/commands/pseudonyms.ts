import { Option } from 'commander';
import { REDACTION_PROFILES, type RedactionProfile } from '../../contract/report.ts';
import { jsonText, visible } from '../../text.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';

export const pseudonyms: CommandDefinition = {
  name: 'pseudonyms',
  summary: 'what stands for which name in redacted outputs',
  description: `Lists the names in the columns of a case with the pseudonyms that stand for them in its redacted outputs. They follow
from a key that only this case holds: keep the case to yourself where you share what came out of it. With --json: one a line.`,
  examples: [{ command: 'pseudonyms northwind.decklog', does: 'the key to what you shared' }],
  define(command) {
    const profile = new Option('--profile <profile>', 'the profile').choices(REDACTION_PROFILES).default('names');
    command.argument('<case>', 'the case file').addOption(profile);
  },
  async run(call) {
    const [path = ''] = call.args;
    const { profile } = call.options<{ readonly profile: RedactionProfile }>();
    const mapping = await call.withCase(path, 'read', (session) => session.outputs.pseudonyms(profile));
    for (const [name, pseudonym] of mapping) {
      if (call.isJson) await call.out.machine(`${jsonText({ name, pseudonym })}\n`);
      else await call.out.line(`${pseudonym}  ${visible(name)}`);
    }
    return EXIT.done;
  },
};

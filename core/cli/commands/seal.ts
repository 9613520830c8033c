import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';

export const seal: CommandDefinition = {
  name: 'seal',
  summary: 'end the work on a case: it can only be read from then on',
  description: `Seals a case: the seal, with its reason and the hashes of all that the case holds, is the last entry of its log of
actions; unused bytes of the file are zero from then on. A sealed case can be read, verified, reported and copied. Note
down the head that is printed: verify --head proves with it later that nothing was written anew.`,
  examples: [
    { command: 'seal northwind.decklog --reason "handed over to the court"', does: 'nothing is changed any more' },
  ],
  define(command) {
    command.argument('<case>', 'the case file').requiredOption('--reason <text>', 'why');
  },
  async run(call) {
    const [path = ''] = call.args;
    const { reason } = call.options<{ readonly reason: string }>();
    const glance = await call.withCase(path, 'write', (session) => {
      session.seal(reason);
      return session.glance();
    });
    if (call.isJson) await call.json(glance);
    else await call.out.line(`The case is sealed. Its head: ${glance.head}`);
    return EXIT.done;
  },
};

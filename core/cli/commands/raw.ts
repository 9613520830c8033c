import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { showBytes } from '../raw-bytes.ts';
import { wholeNumber } from '../shared-options.ts';

interface RawFlags {
  readonly event?: true;
}

export const raw: CommandDefinition = {
  name: 'raw',
  summary: "exactly one event's original bytes",
  description: `Prints the original bytes of one event, and nothing else: the record as it stands in the log, or, where a shipper
has wrapped it, the event as it is after unwrapping. With --event: the canonical JSON that the case holds.`,
  examples: [
    { command: 'raw northwind.decklog 42 | sha256sum', does: 'hash the bytes of event 42' },
    { command: 'raw northwind.decklog 42 --event', does: 'the event as the rules see it' },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('<event id>', "the event's number", wholeNumber(1))
      .option('--event', 'the canonical event as JSON');
  },
  async run(call) {
    const [path = '', id = ''] = call.args;
    const isEvent = call.options<RawFlags>().event === true;
    const bytes = await call.withCase(path, 'read', (session) => {
      return isEvent ? new TextEncoder().encode(session.canonical(Number(id))) : session.raw(Number(id));
    });
    await showBytes(bytes, isEvent ? '\n' : '', call);
    return EXIT.done;
  },
};

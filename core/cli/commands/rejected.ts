import type { RejectedRecord } from '../../contract/rows.ts';
import { jsonText, visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { shortened } from '../table.ts';
import { count, counted } from '../words.ts';

/** Letters of a record that people are shown. */
const EXCERPT = 160;

export const rejected: CommandDefinition = {
  name: 'rejected',
  summary: 'records that are no events, with place, reason and bytes',
  description: 'Lists each record that is no audit event or could not be read. With --json: one record a line.',
  examples: [{ command: 'rejected northwind.decklog --json', does: 'one record a line, bytes in full' }],
  define(command) {
    command.argument('<case>', 'the case file');
  },
  async run(call) {
    const [path = ''] = call.args;
    await call.withCase(path, 'read', async (session) => {
      let found = 0;
      for (const record of session.rejected()) {
        call.context.signal.throwIfAborted();
        found += record.count ?? 1;
        if (call.isJson) await call.out.machine(`${jsonText(record)}\n`);
        else for (const line of lines(record, call)) await call.out.line(line);
      }
      if (!call.isJson) await call.out.line(closing(found));
    });
    return EXIT.done;
  },
};

function lines(record: RejectedRecord, call: Call): string[] {
  const { path, offset, length, kind, reason, encoding, bytes, count: records = 1 } = record;
  const place = `${visible(path)} at byte ${count(offset)}, ${counted(length, 'byte')}`;
  const shown = encoding === 'base64' ? `base64: ${bytes}` : bytes;
  const excerpt = visible(shown.slice(0, EXCERPT));
  return [
    `${call.paint(kind, kind === 'malformed' ? 'yellow' : 'dim')} ${place}: ${visible(reason)}${records > 1 ? ` (${counted(records, 'record')})` : ''}`,
    `  ${shortened(excerpt, call.width ? call.width - 2 : EXCERPT)}`,
  ];
}

function closing(found: number): string {
  return found === 0 ? 'Every record was read.' : `${counted(found, 'record')} not read as an event.`;
}

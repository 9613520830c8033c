import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { tableLines } from '../table.ts';

export const formats: CommandDefinition = {
  name: 'formats',
  summary: 'every format and container that can be read',
  description: `Lists the formats of audit records and the containers that are read, told by what is in a file and never by its
name, and the look-alikes that are recognised but hold no Kubernetes audit events.`,
  examples: [{ command: 'formats', does: 'what can be read' }],
  define() {},
  async run(call) {
    const { CONTAINERS, FORMATS, LOOK_ALIKES } = await import('../../host/formats.ts');
    if (call.isJson) await call.json({ formats: FORMATS, containers: CONTAINERS, lookAlikes: LOOK_ALIKES });
    else {
      await show('Format', FORMATS, call);
      await show('Container', CONTAINERS, call);
      await show('Recognised, not imported', LOOK_ALIKES, call);
    }
    return EXIT.done;
  },
};

type Entries = readonly { readonly id: string; readonly description: string }[];

async function show(head: string, entries: Entries, call: Call): Promise<void> {
  const columns = [{ head }, { head: '' }];
  const rows = entries.map(({ id, description }) => [id, description]);
  for (const line of [...tableLines(columns, rows, call.width), '']) await call.out.line(line);
}

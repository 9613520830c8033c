import type { Verification } from '../../contract/rows.ts';
import { visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { counted } from '../words.ts';

interface VerifyFlags {
  readonly evidence?: readonly string[];
  readonly head?: string;
}

export const verify: CommandDefinition = {
  name: 'verify',
  summary: 'compute all again that the case says of itself',
  description: `Re-computes hashes, bytes, rows and the chain of actions of a case. With --evidence it also compares the original
files. Without a head that you noted down earlier it finds accidents and plain edits, but not a skilful forger.`,
  examples: [
    { command: 'verify northwind.decklog', does: 'the case alone' },
    { command: 'verify northwind.decklog --evidence /evidence/audit.log.gz', does: 'against the original file' },
  ],
  exits: [EXIT.differs, EXIT.cancelled],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .option('--evidence <path...>', 'original files or folders to compare')
      .option('--head <hash>', 'the head of the action log that you noted down');
  },
  async run(call) {
    const [path = ''] = call.args;
    const { evidence = [], head } = call.options<VerifyFlags>();
    const request = { evidence, ...(head !== undefined && { head }) };
    const result = await call.withCase(path, 'read', (session) => session.verify(request, call.context));
    if (call.isJson) await call.json(result);
    else for (const line of lines(result, call)) await call.out.line(line);
    return result.ok ? EXIT.done : EXIT.differs;
  },
};

function lines({ ok, checks }: Verification, call: Call): string[] {
  const shown = checks.map((check) => {
    const verdict = check.ok ? call.paint('same   ', 'green') : call.paint('DIFFERS', 'bold', 'red');
    return `${verdict}  ${visible(check.name)}: ${visible(check.detail)}`;
  });
  const failed = checks.filter((check) => !check.ok).length;
  const closing = ok
    ? 'Nothing differs.'
    : `${counted(failed, 'check')} found a difference: the case or the evidence was changed.`;
  return [...shown, '', closing];
}

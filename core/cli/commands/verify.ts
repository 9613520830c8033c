import { closeSync, openSync, readSync } from 'node:fs';
import type { Verification } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import { visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { counted } from '../words.ts';
import { readKey } from './bundle.ts';

interface VerifyFlags {
  readonly evidence?: readonly string[];
  readonly head?: string;
  readonly key?: string;
}

export const verify: CommandDefinition = {
  name: 'verify',
  summary: 'compute all again that the case says of itself',
  description: `Re-computes hashes, bytes, rows and the chain of actions of a case, or all that a bundle says of itself. With
--evidence it also compares the original files. Without a head that you noted down earlier it finds accidents and plain edits, but not a skilful forger.`,
  examples: [
    { command: 'verify northwind.decklog', does: 'the case alone' },
    { command: 'verify northwind.decklog --evidence /evidence/audit.log.gz', does: 'against the original file' },
    {
      command: 'verify northwind-bundle.zip --key examiner.key.pub',
      does: 'a bundle, with the signature of that examiner',
    },
  ],
  exits: [EXIT.differs, EXIT.cancelled],
  define(command) {
    command
      .argument('<case|bundle>', 'the case file, or a bundle')
      .option('--evidence <path...>', 'original files or folders to compare')
      .option('--head <hash>', 'the head of the action log that you noted down')
      .option('--key <file>', 'the public key that must have signed the bundle');
  },
  async run(call) {
    const [path = ''] = call.args;
    const flags = call.options<VerifyFlags>();
    const isBundle = startsAsBundle(path);
    refuseMisfits(flags, isBundle);
    const result = isBundle ? await verifiedBundle(path, flags) : await verifiedCase(path, flags, call);
    if (call.isJson) await call.json(result);
    else for (const line of lines(result, call)) await call.out.line(line);
    return result.ok ? EXIT.done : EXIT.differs;
  },
};

const verifiedCase = (path: string, { evidence = [], head }: VerifyFlags, call: Call): Promise<Verification> =>
  call.withCase(path, 'read', (session) =>
    session.verify({ evidence, ...(head !== undefined && { head }) }, call.context),
  );

async function verifiedBundle(path: string, { key }: VerifyFlags): Promise<Verification> {
  const { verifyBundle } = await import('../../report/bundle/verify.ts');
  return verifyBundle(path, key === undefined ? null : readKey(key));
}

/** A bundle is a zip, a case is not; what is neither, the opening of the case tells. */
function startsAsBundle(path: string): boolean {
  const head = Buffer.alloc(4);
  try {
    const descriptor = openSync(path, 'r');
    readSync(descriptor, head, 0, 4, 0);
    closeSync(descriptor);
  } catch {
    return false;
  }
  // A damaged first byte must not turn a bundle into a case that cannot be opened.
  return ZIP.filter((byte, index) => head[index] === byte).length >= 2;
}

const ZIP = [0x50, 0x4b, 3, 4];

function refuseMisfits({ evidence, head, key }: VerifyFlags, isBundle: boolean): void {
  const misfit = isBundle ? (evidence ? '--evidence' : head ? '--head' : null) : key ? '--key' : null;
  if (misfit === null) return;
  throw new CaseError('usage', `${misfit} does not go with a ${isBundle ? 'bundle' : 'case'}.`, {
    hint: 'Leave it out.',
  });
}

function lines({ ok, checks }: Verification, call: Call): string[] {
  const shown = checks.map((check) => {
    const verdict = check.ok ? call.paint('same   ', 'green') : call.paint('DIFFERS', 'bold', 'red');
    return `${verdict}  ${visible(check.name)}: ${visible(check.detail)}`;
  });
  const failed = checks.filter((check) => !check.ok).length;
  const closing = ok
    ? 'Nothing differs.'
    : `${counted(failed, 'check')} found a difference: what was checked is not as it was made.`;
  return [...shown, '', closing];
}

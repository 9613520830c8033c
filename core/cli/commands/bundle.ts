import { readFileSync } from 'node:fs';
import type { BundleRequest } from '../../contract/report.ts';
import { CaseError } from '../../fault.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { writePieces } from '../output-file.ts';
import { size } from '../words.ts';
import { addSelectionOptions, type SelectionFlags, selectionOf } from './selection-options.ts';

interface BundleFlags extends SelectionFlags {
  readonly output: string;
  readonly sign?: string;
}

export const bundle: CommandDefinition = {
  name: 'bundle',
  summary: 'a report and all that proves it, in one file',
  description: `Writes one zip with the report, the original bytes of every cited record, the ledger, the rules, the action log and
the hashes of all of it. Whoever gets it checks it with \`decklog verify BUNDLE\`, or with sha256sum and openssl; no case is needed.`,
  examples: [
    { command: 'bundle northwind.decklog -o northwind-bundle.zip', does: 'without a signature' },
    { command: 'bundle northwind.decklog -o northwind-bundle.zip --sign examiner.key', does: 'signed with your key' },
  ],
  exits: [EXIT.cancelled],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .requiredOption('-o, --output <file>', 'where to write it')
      .option('--sign <key>', 'sign it with this private key (see keys make)');
    addSelectionOptions(command);
  },
  async run(call) {
    const [path = ''] = call.args;
    const flags = call.options<BundleFlags>();
    const request: BundleRequest = {
      ...selectionOf(flags),
      ...(flags.sign !== undefined && { privateKey: readKey(flags.sign) }),
    };
    const bytes = await call.withCaseToOutput(path, (session) =>
      writePieces(flags.output, session.outputs.bundle(request, call.context)),
    );
    if (call.isJson) await call.json({ path: flags.output, bytes, signed: flags.sign !== undefined });
    else await call.out.line(`Wrote ${flags.output}, ${size(bytes)}. Check it: ${call.next('verify', flags.output)}`);
    return EXIT.done;
  },
};

/** A key that a person named on the command line. */
export function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CaseError('key/invalid', `The key at ${path} cannot be read.`, {
      at: { path },
      cause,
      hint: 'Make one with `decklog keys make FILE`.',
    });
  }
}

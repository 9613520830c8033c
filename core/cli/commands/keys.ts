import { writeFileSync } from 'node:fs';
import type { GroupDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { unwritable } from '../output-file.ts';

export const keys: GroupDefinition = {
  name: 'keys',
  summary: 'keys to sign bundles with',
  commands: [
    {
      name: 'make',
      summary: 'make a key of your own',
      description: `Makes an Ed25519 key: the private one into FILE, readable by you alone, the public one into FILE.pub. Keep FILE to
yourself; give FILE.pub, or its fingerprint, to those who check your bundles, by another way than the bundle.`,
      examples: [{ command: 'keys make examiner.key', does: 'writes examiner.key and examiner.key.pub' }],
      define(command) {
        command.argument('<file>', 'where the private key goes; it must not exist');
      },
      async run(call) {
        const [path = ''] = call.args;
        const { makeKey } = await import('../../report/bundle/key.ts');
        const { privateKey, publicKey, fingerprint } = makeKey();
        writeNew(path, privateKey, 0o600);
        writeNew(`${path}.pub`, publicKey, 0o644);
        if (call.isJson) await call.json({ privateKey: path, publicKey: `${path}.pub`, fingerprint });
        else await call.out.line(`Wrote ${path} (keep it to yourself) and ${path}.pub. Fingerprint: ${fingerprint}`);
        return EXIT.done;
      },
    },
  ],
};

/** A key is never written over. */
function writeNew(path: string, text: string, mode: number): void {
  try {
    writeFileSync(path, text, { mode, flag: 'wx' });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

import { basename, resolve } from 'node:path';
import { visible } from '../../text.ts';
import type { Call } from '../call.ts';
import { defaultCasePath, freeCasePath, samplePath } from '../case-file.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { failOnOption } from '../shared-options.ts';
import { addImportOptions, addRulesOption } from './import-options.ts';
import { type InvestigateFlags, investigateInto } from './investigate.ts';
import { serveUntilStopped } from './serve.ts';

interface StartFlags extends InvestigateFlags {
  readonly open?: boolean;
}

export const start: CommandDefinition = {
  name: 'start',
  summary: 'investigate evidence, or the bundled sample, afresh',
  description: `Investigates the given evidence, or the sample that comes with Decklog, in a fresh case in the current
folder: where a case of that name exists, the new one gets a number. Then opens the window, where an Electron runtime is
installed; else it says why not, serves the app on a loopback address, as serve does, and opens it in a browser where there is
a display; Ctrl+C ends it. With --no-open, --json or --fail-on it ends after the findings.`,
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
    const flags = call.options<StartFlags>();
    const code = await investigateInto(path, paths, flags, call);
    if (!call.isJson)
      await call.out.line(`The case is ${visible(basename(path))}. Look further: ${call.next('--help')}`);
    // Whoever asks for an exit code or a document wants no server.
    if (flags.open === false || flags.failOn !== undefined || call.isJson) return code;
    const why = await noWindow(resolve(path), call);
    if (why === null) return code;
    call.note(`No window: ${why}. The app is served to a browser instead.`);
    return serveUntilStopped(path, { ...flags, port: 0, evidenceRoot: [], open: true }, call);
  },
};

/** Opens the window over a case; where that cannot be, why. */
async function noWindow(path: string, { env }: Call): Promise<string | null> {
  const { findWindow, openWindow, thisMachine } = await import('../find-window.ts');
  const machine = thisMachine(env);
  const window = findWindow(machine);
  return 'why' in window ? window.why : openWindow(window.binary, path, machine.app);
}

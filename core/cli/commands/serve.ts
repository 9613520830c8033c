import { resolve } from 'node:path';
import { visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { gathered, wholeNumber } from '../shared-options.ts';
import { addRulesOption, type RulesFlags, rulesOf } from './import-options.ts';

export interface ServeFlags extends RulesFlags {
  readonly port: number;
  readonly evidenceRoot: readonly string[];
  /** Open a browser where there is a display. */
  readonly open: boolean;
}

export const serve: CommandDefinition = {
  name: 'serve',
  summary: 'the app in a browser, on a loopback address',
  description: `Serves the app for one case on 127.0.0.1, to browsers of this machine that have the printed link: its key stands
behind the #. An admin gets a second link for readers, who may look at everything and change nothing; --role reader
serves the case read-only and has a reader's link alone. Evidence is uploaded, or chosen below folders named with
--evidence-root. Ctrl+C ends it.`,
  examples: [
    { command: 'serve northwind.decklog', does: 'the app' },
    { command: 'serve northwind.decklog --role reader --port 8400', does: 'for reading, on a port of your choice' },
    { command: 'serve northwind.decklog --evidence-root /evidence', does: 'with a folder to import from' },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .option('--port <number>', 'the port (default: any free one)', wholeNumber(0), 0)
      .option('--evidence-root <folder>', 'a folder that evidence may be chosen from; may be repeated', gathered, [])
      .option('--open', 'open a browser where there is a display');
    addRulesOption(command);
  },
  async run(call) {
    const [path = ''] = call.args;
    return serveUntilStopped(path, { open: false, ...call.options<Partial<ServeFlags>>() } as ServeFlags, call);
  },
};

/** Serves a case until Ctrl+C; the first line of the output is the link. */
export async function serveUntilStopped(path: string, flags: ServeFlags, call: Call): Promise<ExitCode> {
  const { serveCase } = await import('../../serve/serve.ts');
  const served = await serveCase(path, {
    role: call.options().role ?? 'admin',
    examiner: call.examiner,
    rules: rulesOf(flags),
    evidenceRoots: flags.evidenceRoot.map((folder) => resolve(folder)),
    port: flags.port,
    tell: (line) => call.note(line),
  });
  const forget = call.onHardEnd(() => served.abandon());
  const { url, readerUrl } = served;
  if (call.isJson) await call.json({ url, readerUrl });
  else {
    await call.out.line(`The app: ${url}`);
    if (readerUrl !== null) await call.out.line(`For readers: ${readerUrl}`);
    await call.out.line(`Serving ${visible(path)} to browsers of this machine. Ctrl+C ends it.`);
  }
  await call.out.flush();
  if (flags.open) await showBrowser(url, served.folder, call);
  await stopped(call.context.signal);
  await served.close();
  forget();
  return EXIT.done;
}

async function showBrowser(url: string, folder: string, call: Call): Promise<void> {
  const { hasDisplay, openBrowser } = await import('../../serve/open-browser.ts');
  if (!hasDisplay(call.env)) return call.note('There is no display here: open the link in a browser of this machine.');
  if (!(await openBrowser(url, folder))) call.note('No browser could be opened: open the link by hand.');
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

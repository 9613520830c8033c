import { CommanderError } from 'commander';
import type { Fault } from '../contract/fault.ts';
import { CaseError, faultOf } from '../fault.ts';
import { keepWasmCode } from '../web-assembly.ts';
import type { Surroundings } from './call.ts';
import { Cancellation } from './cancel.ts';
import { COMMANDS, loadCommands } from './commands.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.ts';
import { faultJson, faultText } from './fault-text.ts';
import { Output, OutputClosed } from './output.ts';
import { paintFor } from './paint.ts';
import { Answered, buildProgram, usageFault } from './program.ts';
import { progressTeller } from './progress.ts';

/** Runs one command and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<never> {
  keepWasmCode();
  startWhereThePersonIs(process.env);
  const tell = (fault: Fault) => process.stderr.write(faultFor(args, fault));
  const cancellation = new Cancellation(tell);
  cancellation.listen();
  process.stderr.on('error', () => {});
  const code = await run(args, cancellation);
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit(code);
}

/** npm starts scripts in the project's folder; paths that people give are relative to their own. */
function startWhereThePersonIs(env: NodeJS.ProcessEnv): void {
  if (isOurScript(env) && env.INIT_CWD) process.chdir(env.INIT_CWD);
}

async function run(args: readonly string[], cancellation: Cancellation): Promise<ExitCode> {
  let clear = () => {};
  const out = new Output(process.stdout, () => clear());
  const surroundings: Surroundings = {
    out,
    paint: paintFor(process.stdout, process.env),
    width: process.stdout.isTTY ? process.stdout.columns || 80 : null,
    program: programName(process.env),
    cancellation,
    env: process.env,
    asked: {},
    progressFor(isQuiet) {
      const teller = progressTeller(process.stderr, isQuiet);
      clear = () => teller.clear();
      return (progress) => teller.report(progress);
    },
  };
  try {
    const code = await dispatch(args, surroundings);
    await out.flush();
    return code;
  } catch (error) {
    clear();
    return answerTo(error, args, surroundings);
  }
}

async function dispatch(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const words = args.length === 0 ? ['--help'] : args;
  let code: ExitCode = EXIT.done;
  const program = buildProgram(await loadCommands(words), surroundings, (ended) => {
    code = ended;
  });
  if (words[0]?.startsWith('-')) program.version(await ownVersion(), '-V, --version', 'the version');
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const answer = usageFault(error, commandPath(words));
    if (!(answer instanceof Answered)) throw answer;
  }
  return code;
}

async function ownVersion(): Promise<string> {
  const { readFileSync } = await import('node:fs');
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}

/** The words that name a command, for pointing to its manual. */
function commandPath(words: readonly string[]): readonly string[] {
  const [first = '', second = ''] = words;
  const command = COMMANDS.find((entry) => entry.name === first);
  if (command === undefined) return [];
  return command.inner?.includes(second) ? [first, second] : [first];
}

function faultFor(args: readonly string[], fault: Fault, query?: string): string {
  const paint = paintFor(process.stderr, process.env);
  return args.includes('--json') ? faultJson(fault) : faultText(fault, query, paint);
}

/** Tells what went wrong; a reader that has gone needs no telling. */
function answerTo(error: unknown, args: readonly string[], { cancellation, asked }: Surroundings): ExitCode {
  if (error instanceof OutputClosed) return EXIT.done;
  const { signal } = cancellation;
  const fault = faultOf(signal.aborted && !(error instanceof CaseError) ? signal.reason : error);
  process.stderr.write(faultFor(args, fault, asked.query));
  if (fault.code === 'bug' && process.env.DECKLOG_TRACE && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  return exitCodeOf(fault);
}

function programName(env: NodeJS.ProcessEnv): string {
  return isOurScript(env) ? 'npm run -s decklog --' : 'decklog';
}

/** Whether npm runs us as a script of our own checkout. */
function isOurScript(env: NodeJS.ProcessEnv): boolean {
  return env.npm_package_name === 'decklog' && ['start', 'decklog'].includes(env.npm_lifecycle_event ?? '');
}

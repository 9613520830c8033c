import { Command, type CommanderError } from 'commander';
import { CaseError } from '../fault.ts';
import { Call, type Surroundings } from './call.ts';
import type { CommandDefinition, GroupDefinition } from './definition.ts';
import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-code.ts';
import { addSharedOptions } from './shared-options.ts';

/** Fixed, so that a manual reads the same everywhere. */
const HELP_WIDTH = 100;

/** Help or a version was printed, and there is nothing more to do. */
export class Answered extends Error {
  override readonly name = 'Answered';
}

/** The command line with the given commands; `runs` is told the end of the one that ran. */
export function buildProgram(
  definitions: readonly (CommandDefinition | GroupDefinition)[],
  surroundings: Surroundings,
  ended: (code: ExitCode) => void,
): Command {
  const program = new Command('decklog');
  program.description('Investigates a Kubernetes cluster from its audit logs, offline.').usage('<command> [options]');
  tame(program, surroundings);
  for (const definition of definitions) {
    const command =
      'commands' in definition ? group(definition, surroundings, ended) : leaf(definition, surroundings, ended);
    program.addCommand(command);
  }
  return program;
}

function group(definition: GroupDefinition, surroundings: Surroundings, ended: (code: ExitCode) => void): Command {
  const command = new Command(definition.name).description(definition.summary);
  tame(command, surroundings);
  for (const inner of definition.commands) command.addCommand(leaf(inner, surroundings, ended));
  return command;
}

function leaf(definition: CommandDefinition, surroundings: Surroundings, ended: (code: ExitCode) => void): Command {
  const command = new Command(definition.name).summary(definition.summary);
  command.description((definition.description ?? definition.summary).replaceAll('\n', ' '));
  tame(command, surroundings);
  definition.define(command);
  addSharedOptions(command);
  command.addHelpText('after', () => manualEnd(definition));
  command.action(async () => {
    ended((await definition.run(new Call(command, surroundings))) ?? EXIT.done);
  });
  return command;
}

/** Nothing is printed or ended behind our back. */
function tame(command: Command, surroundings: Surroundings): void {
  command.exitOverride();
  command.configureHelp({ helpWidth: HELP_WIDTH, showGlobalOptions: false });
  command.configureOutput({ writeOut: (text) => void surroundings.out.machine(text), writeErr: () => {} });
  command.helpOption('-h, --help', 'this manual');
  command.helpCommand(false);
}

function manualEnd({ examples, exits = [] }: CommandDefinition): string {
  const codes: ExitCode[] = [EXIT.done, EXIT.failed, EXIT.usage, ...exits];
  const shown = examples.map(({ command: words, does }) => `  ${does}\n    decklog ${words}`);
  const meanings = codes.map((code) => `  ${String(code).padEnd(4)}${EXIT_MEANINGS[code]}`);
  return `\nExamples:\n${shown.join('\n')}\n\nExit codes:\n${meanings.join('\n')}`;
}

/** What a mistake in the command line means, as a fault; help that was asked for is none. */
export function usageFault(error: CommanderError, path: readonly string[]): CaseError | Answered {
  if (error.exitCode === 0) return new Answered();
  const manual = ['decklog', ...path, '--help'].join(' ');
  if (error.code === 'commander.help')
    return new CaseError('usage', 'A command is missing.', { hint: `See: ${manual}` });
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const sentence = `${first.slice(0, 1).toUpperCase()}${first.slice(1)}${/[.?!]$/.test(first) ? '' : '.'}`;
  const meant = suggestion ? `${suggestion.replace(/^\(|\)$/g, '')} ` : '';
  return new CaseError('usage', sentence, { hint: `${meant}See: ${manual}` });
}

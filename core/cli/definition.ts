import type { Command } from 'commander';
import type { Call } from './call.ts';
import type { ExitCode } from './exit-code.ts';

export interface Example {
  /** Without the program's name. */
  readonly command: string;
  readonly does: string;
}

/** One command: its manual page and what it does. */
export interface CommandDefinition {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Sentences for the command's own page; the summary if there is no more to say. */
  readonly description?: string;
  readonly examples: readonly Example[];
  /** Besides 0, 1 and 2. */
  readonly exits?: readonly ExitCode[];
  /** Adds arguments and options; those of every command are there already. */
  define(command: Command): void;
  run(call: Call): Promise<ExitCode | undefined>;
}

/** A command that only holds others, such as `rules`. */
export interface GroupDefinition {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandDefinition[];
}

import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { LEVELS } from '../contract/rows.ts';

/** Options that every command takes. */
export interface SharedOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly examiner?: string;
  readonly role?: 'admin' | 'reader';
}

/** Adds the options of every command. */
export function addSharedOptions(command: Command): void {
  command
    .option('--json', 'print for machines: JSON, or JSON Lines where the command says so')
    .option('--quiet', 'tell no progress')
    .option('--examiner <name>', 'who signs actions (default: DECKLOG_EXAMINER, else the account)')
    .addOption(new Option('--role <role>', 'open the case as; a reader changes nothing').choices(['admin', 'reader']));
}

/** Who acts, where nobody said so on the command line. */
export function examinerName(env: NodeJS.ProcessEnv): string {
  if (env.DECKLOG_EXAMINER) return env.DECKLOG_EXAMINER;
  try {
    return userInfo().username;
  } catch {
    // An account without a name, as in a container with a number for its user.
    return `account ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** `--fail-on LEVEL`. */
export function failOnOption(): Option {
  return new Option('--fail-on <level>', 'exit with 3 if an alert of this level or above stands').choices(LEVELS);
}

/** Reads an option that is a whole number. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    }
    return value;
  };
}

/** Gathers an option that may be given several times. */
export function gathered(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

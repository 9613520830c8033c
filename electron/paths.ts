import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** A path of another machine: Windows would send the account's password hash there just by looking. */
export function isRemote(path: string, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' && /^[\\/]{2}/.test(path);
}

/** The case that a command line names, or null. */
export function caseOf(args: readonly string[], folder: string): string | null {
  const named = args.find((arg) => !arg.startsWith('-') && /\.decklog$/i.test(arg));
  if (named === undefined || isRemote(named)) return null;
  const path = isAbsolute(named) ? named : resolve(folder, named);
  return existsSync(path) ? path : null;
}

/** What a file manager is to show: it knows nothing of files within an archive, so a package carries them beside it as well. */
export const shownByFileManager = (built: string, ...path: readonly string[]): string =>
  join(built.endsWith('.asar') ? dirname(built) : built, ...path);

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchOld } from '../electron/old/launch.ts';
import type { StoryDoor } from '../electron/story/story.ts';
import { temporaryFolder } from '../host/case.ts';

/** Debian's nobody and nogroup. */
const NOBODY = 65534;
const AS_NOBODY = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] as const;

/** Somebody who can neither write to what is installed nor read what is root's. */
export interface OrdinaryUser {
  readonly home: string;
  run(command: string, ...args: readonly string[]): string;
  /** Gives the user a file of the home that root has made. */
  own(path: string): void;
  /** The installed window, in Chromium's sandbox but for its filter of calls, which kills a Chromium that is that old. */
  door(display: string): StoryDoor;
}

/** Why the sandbox cannot be had here; null where it can. */
export function noSandbox(): string | null {
  const { status } = spawnSync('setpriv', [...AS_NOBODY, 'unshare', '--user', 'true']);
  return status === 0 ? null : 'an ordinary user cannot make namespaces here';
}

export function ordinaryUser(): OrdinaryUser {
  const home = temporaryFolder();
  const own = (path: string) => void execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, path]);
  own(home);
  const env = { PATH: '/usr/bin:/bin', HOME: home };
  return {
    home,
    own,
    run: (command, ...args) =>
      execFileSync('setpriv', [...AS_NOBODY, command, ...args], {
        cwd: home,
        env,
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      }),
    door: (display) => ({
      name: 'installed, as an ordinary user',
      open: (casePath) =>
        launchOld({ binary: starter(home), display, userData: join(home, 'data'), opens: [casePath] }),
    }),
  };
}

/** A program that becomes the user and starts the window with its sandbox, whatever it is told of that. */
function starter(home: string): string {
  const folder = join(home, 'bin');
  const path = join(folder, 'start');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh
for arg in "$@"; do
  shift
  [ "$arg" = --no-sandbox ] || set -- "$@" "$arg"
done
exec setpriv ${AS_NOBODY.join(' ')} env HOME=${home} /usr/bin/decklog-window --disable-seccomp-filter-sandbox "$@"
`,
  );
  chmodSync(path, 0o755);
  return path;
}

import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { listFiles } from '../../electron/packaging/file-list.ts';
import { type Packed, packLinux } from '../../electron/packaging/package.ts';
import { type Display, openDisplay } from '../electron/old/display.ts';
import { packableRuntime } from '../electron/packed/runtime.ts';
import { oldElectronDoor } from '../electron/story/doors.ts';
import { emptyCase } from '../electron/story/empty-case.ts';
import { tellStory } from '../electron/story/story.ts';
import { temporaryFolder } from '../host/case.ts';
import { noSandbox, ordinaryUser } from './ordinary-user.ts';

const INSTALLED = '/opt/Decklog';
const SAMPLE = join(INSTALLED, 'resources', 'cli', 'sample');
const PLACES = [
  INSTALLED,
  '/usr/bin/decklog',
  '/usr/bin/decklog-window',
  '/usr/share/applications/decklog-window.desktop',
];
const old = inject('oldElectron');

/** Why nothing can be installed here; null where it can. */
function notInstallable(): string | null {
  if (process.getuid?.() !== 0) return 'only root installs';
  if (spawnSync('dpkg', ['--version']).error !== undefined) return 'dpkg is not installed';
  return PLACES.some((path) => existsSync(path)) ? `${INSTALLED} is installed already, and is left alone` : null;
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
async function text(command: string, args: readonly string[], cwd = temporaryFolder()): Promise<string> {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  return (await promisify(execFile)(command, args, { cwd, env, maxBuffer: 2 ** 28 })).stdout;
}

/** The command line, as a person uses it. */
async function investigateWith(command: string, sample: string): Promise<void> {
  const cwd = temporaryFolder();
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'));
  expect(await text(command, ['--version'], cwd)).toContain(version);
  await text(command, ['investigate', sample, '--case', 'x.decklog', '--quiet'], cwd);
  expect(JSON.parse(await text(command, ['verify', 'x.decklog', '--json'], cwd))).toMatchObject({ ok: true });
}

describe.skipIf('why' in old)('packages around the old Electron', () => {
  let display: Display;
  let packed: Packed;
  let runtime = '';
  const pack = (...targets: readonly ('deb' | 'tar.gz')[]) =>
    packLinux({
      electron: runtime,
      app: dirname((old as { readonly entry: string }).entry),
      to: join(temporaryFolder(), 'out'),
      targets,
    });
  const tellIn = async (binary: string) =>
    tellStory(oldElectronDoor({ binary, display: display.name }, binary), await emptyCase());

  beforeAll(async () => {
    display = (await openDisplay()) as Display;
    runtime = packableRuntime(dirname((old as { readonly binary: string }).binary), join(temporaryFolder(), 'runtime'));
    packed = await pack('deb', 'tar.gz');
  });
  afterAll(() => display?.close());

  test('the same parts give the same packages', async () => {
    const again = await pack('deb', 'tar.gz');

    expect(again.packages.map(hashOf)).toEqual(packed.packages.map(hashOf));
  });

  test('the story holds in the folder that is packed', () => tellIn(join(packed.folder, 'decklog-window')));

  test('the archive holds the folder, and its command line works', async () => {
    const [to, archive] = [temporaryFolder(), packed.packages[1] as string];
    await text('tar', ['-xzf', archive, '-C', to]);
    const unpacked = join(to, basename(archive, '.tar.gz'));

    expect([...listFiles(unpacked)]).toEqual([...packed.files]);
    await investigateWith(join(unpacked, 'resources', 'cli', 'decklog'), join(unpacked, 'resources', 'cli', 'sample'));
  });

  const why = notInstallable();
  if (why !== null) console.warn(`Installing the package is skipped: ${why}`);

  describe.skipIf(why !== null)('installed', () => {
    beforeAll(async () => void (await text('dpkg', ['--install', packed.packages[0] as string])));
    afterAll(() => void spawnSync('dpkg', ['--purge', 'decklog']));

    test('what lies there is what was packed', async () => {
      expect([...listFiles(INSTALLED)]).toEqual([...packed.files]);
      expect(await text('dpkg', ['--verify', 'decklog'])).toBe('');
    });

    test('over an older one it is the same', async () => {
      await text('dpkg', ['--install', packed.packages[0] as string]);

      expect([...listFiles(INSTALLED)]).toEqual([...packed.files]);
    });

    test('decklog is the command line', async () => {
      await investigateWith('decklog', join(SAMPLE, 'northwind'));
    });

    test('the story holds', () => tellIn('/usr/bin/decklog-window'));

    test('an ordinary user investigates and verifies', () => {
      const user = ordinaryUser();
      user.run('decklog', 'investigate', SAMPLE, '--case', 'x.decklog', '--quiet');

      expect(JSON.parse(user.run('decklog', 'verify', 'x.decklog', '--json'))).toMatchObject({ ok: true });
    });

    const without = noSandbox();
    if (without !== null) console.warn(`The story in the sandbox is skipped: ${without}`);

    test.skipIf(without !== null)('the story holds for an ordinary user, in the sandbox', async () => {
      const user = ordinaryUser();
      const casePath = join(user.home, 'story.decklog');
      cpSync(await emptyCase(), casePath);
      user.own(casePath);

      await tellStory(user.door(display.name), casePath, join(SAMPLE, 'northwind', 'nw-cp-1', 'audit.log.gz'));
    });

    test('it goes without a trace, and leaves cases alone', async () => {
      const made = join(temporaryFolder(), 'mine');
      mkdirSync(made);
      await text('decklog', ['investigate', SAMPLE, '--case', 'x.decklog', '--quiet'], made);
      await text('dpkg', ['--remove', 'decklog']);

      expect(PLACES.filter((path) => existsSync(path))).toEqual([]);
      expect(existsSync(join(made, 'x.decklog'))).toBe(true);
    });
  });
});

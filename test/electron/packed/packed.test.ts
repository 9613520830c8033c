import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DirectoryRecord, getRawHeader } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { listFiles } from '../../../electron/packaging/file-list.ts';
import { type Packed, packLinux } from '../../../electron/packaging/package.ts';
import { temporaryFolder } from '../../host/case.ts';
import { type Display, openDisplay } from '../old/display.ts';
import { BUILT } from '../stand-in.ts';
import { oldElectronDoor } from '../story/doors.ts';
import { emptyCase } from '../story/empty-case.ts';
import { tellStory } from '../story/story.ts';
import { notAllowed, refsOf } from './allowed.ts';
import { packableRuntime } from './runtime.ts';

/** Of the lane: what the old runtime needs to run our app. */
const OF_OLD_APP = ['entry.cjs', 'renderer/page-before.js'];
const old = inject('oldElectron');

/** Paths within an archive. */
const filesOf = (folder: DirectoryRecord, path = ''): readonly string[] =>
  Object.entries(folder.files).flatMap(([name, entry]) =>
    'files' in entry ? filesOf(entry, `${path}${name}/`) : [`${path}${name}`],
  );

describe.skipIf('why' in old)('a folder that is packed around the old Electron', () => {
  let packed: Packed;
  let runtime = '';

  beforeAll(async () => {
    const { binary, entry } = old as Exclude<typeof old, { why: string }>;
    const folder = temporaryFolder();
    runtime = packableRuntime(dirname(binary), join(folder, 'runtime'));
    packed = await packLinux({ electron: runtime, app: dirname(entry), to: join(folder, 'out'), targets: [] });
  });

  const within = (folder: string): readonly string[] =>
    [...packed.files.keys()].flatMap((path) => (path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : []));

  test('only what is on the list is in it', () => {
    const bill = refsOf(join(packed.folder, 'resources', 'licences', 'sbom.cdx.json'));
    const archive = filesOf(getRawHeader(join(packed.folder, 'resources', 'app.asar')).header);
    const ours = ['decklog-window', 'LICENSE.electron.txt'];
    const runtimes = [...listFiles(runtime).keys()];
    const outside = [...packed.files.keys()].filter((path) => !path.startsWith('resources/'));

    expect(outside.filter((path) => !runtimes.includes(path) && !ours.includes(path))).toEqual([]);
    expect(notAllowed(archive, bill).filter((path) => !OF_OLD_APP.includes(path))).toEqual([]);
    expect(notAllowed(within('resources/cli'), bill)).toEqual(['decklog', 'node']);
    expect(within('resources/licences')).toEqual(['LICENCES.txt', 'sbom.cdx.json']);
    expect(within('resources/app.asar.unpacked')).toEqual(['node_modules/better-sqlite3/prebuilds/linux-x64.node']);
    expect([...packed.files.keys()].filter((path) => /^resources\/[^/]+$/.test(path))).toEqual([
      'resources/app.asar',
      'resources/apparmor-profile',
    ]);
  });

  test('the same parts give the same list and the same bytes', async () => {
    const { entry } = old as Exclude<typeof old, { why: string }>;
    const again = await packLinux({
      electron: runtime,
      app: dirname(entry),
      to: join(temporaryFolder(), 'out'),
      targets: [],
    });

    expect([...again.files]).toEqual([...packed.files]);
  });

  test('its list of files is right, and so are the checksums of what lies beside it', () => {
    const options = { encoding: 'utf8' } as const;
    const [list = ''] = readdirSync(join(packed.folder, '..')).filter((name) => name.endsWith('.files'));
    const outcome = (args: readonly string[], cwd: string) =>
      execFileSync('sha256sum', ['--quiet', '-c', ...args], { ...options, cwd });

    expect(outcome([join('..', list)], packed.folder)).toBe('');
    expect(outcome(['SHA256SUMS'], join(packed.folder, '..'))).toBe('');
  });

  test('its fuses are set as the shell wants them', async () => {
    const wire = await getCurrentFuseWire(join(packed.folder, 'decklog-window'));
    const isOn = (fuse: FuseV1Options) => String.fromCharCode(wire[fuse] as number) === '1';

    expect(isOn(FuseV1Options.RunAsNode)).toBe(false);
    expect(isOn(FuseV1Options.EnableCookieEncryption)).toBe(true);
    expect(isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
    expect(isOn(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
    expect(isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);
    expect(isOn(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
    expect(isOn(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false);
  });

  test('the story holds', async () => {
    const display = (await openDisplay()) as Display;
    const binary = join(packed.folder, 'decklog-window');
    try {
      await tellStory(oldElectronDoor({ binary, display: display.name }), await emptyCase());
    } finally {
      await display.close();
    }
  });

  test('its command line says its version and investigates the sample', () => {
    const command = join(packed.folder, 'resources', 'cli', 'decklog');
    const cwd = temporaryFolder();
    const options = { cwd, encoding: 'utf8', env: { PATH: '/usr/bin:/bin' }, maxBuffer: 2 ** 28 } as const;
    const { version } = JSON.parse(readFileSync(join(BUILT, 'package.json'), 'utf8'));
    const sample = join(packed.folder, 'resources', 'cli', 'sample', 'northwind');

    expect(execFileSync(command, ['--version'], options)).toContain(version);
    execFileSync(command, ['investigate', sample, '--case', 'x.decklog', '--json'], options);
    expect(JSON.parse(execFileSync(command, ['verify', 'x.decklog', '--json'], options))).toMatchObject({ ok: true });
  });
});

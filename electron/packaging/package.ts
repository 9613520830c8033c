import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type FileList, listFiles, writeFileList, writeSums } from './file-list.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');
const BUILT = join(ROOT, 'dist');
/** Where no time is given: the one that archives call their first. */
const FIRST_TIME = '315532800';

/** What a packed folder is made into. */
export type Target = 'deb' | 'tar.gz';

export interface Packing {
  /** The folder of an unpacked Electron for this system. */
  readonly electron: string;
  /** The built app; `dist` where none is named. */
  readonly app?: string;
  /** A folder for what comes out. Whatever it holds goes. */
  readonly to: string;
  readonly targets: readonly Target[];
}

export interface Packed {
  /** What is installed. */
  readonly folder: string;
  readonly files: FileList;
  /** Paths, in the order of `targets`. */
  readonly packages: readonly string[];
}

/**
 * Packs the built app for Linux and this processor, without a network: a folder, packages of it, what the folder holds with hashes,
 * the bill of materials and SHA256SUMS. The same parts give the same bytes. Raises what electron-builder, tar or dpkg-deb complain of.
 */
export async function packLinux({ electron, app = BUILT, to, targets }: Packing): Promise<Packed> {
  rmSync(to, { recursive: true, force: true });
  const version = readFileSync(join(electron, 'version'), 'utf8').trim().replace(/^v/, '');
  const options = Object.entries({ electronDist: electron, electronVersion: version })
    .concat(Object.entries({ 'directories.app': app, 'directories.output': to }))
    .map(([name, value]) => `-c.${name}=${value}`);
  await build(['dir', ...options]);
  const folder = join(to, process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`);
  const name = `decklog-${JSON.parse(readFileSync(join(BUILT, 'package.json'), 'utf8')).version}-linux-${process.arch}`;
  const files = listFiles(folder);
  writeFileList(files, join(to, `${name}.files`));
  copyFileSync(join(BUILT, 'licences', 'sbom.cdx.json'), join(to, `${name}.cdx.json`));
  const make: Readonly<Record<Target, (path: string) => Promise<unknown>>> = {
    'tar.gz': (path) => makeTar(folder, name, path),
    deb: (path) => build(['deb', '--prepackaged', folder, `-c.deb.artifactName=${basename(path)}`, ...options]),
  };
  const packages = targets.map((target) => join(to, `${name}.${target}`));
  for (const [index, target] of targets.entries()) await make[target](packages[index] as string);
  writeSums(to);
  return { folder, files, packages };
}

const sourceDate = (): string => process.env['SOURCE_DATE_EPOCH'] ?? FIRST_TIME;

/** Has electron-builder work for Linux, with tools that are at hand in the place of those that it would fetch. */
async function build(args: readonly string[]): Promise<void> {
  const tool = join(ROOT, 'node_modules', 'electron-builder', 'cli.js');
  const env = {
    CUSTOM_FPM_PATH: join(import.meta.dirname, 'fpm.mjs'),
    SOURCE_DATE_EPOCH: sourceDate(),
    ...process.env,
    // Tools that are written for Node find this one.
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  };
  const all = ['--linux', ...args, `--${process.arch}`, '--publish', 'never'];
  try {
    await run(process.execPath, [tool, ...all], { cwd: ROOT, env });
  } catch (error) {
    // It complains on its standard output.
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`electron-builder could not make it:\n${stdout}${stderr}`, { cause: error });
  }
}

/** The same bytes for the same files: names in order, one time, no owners. */
async function makeTar(folder: string, name: string, path: string): Promise<void> {
  const same = [
    '--sort=name',
    '--format=gnu',
    `--mtime=@${sourceDate()}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
  ];
  const renamed = `--transform=s,^[.],${name},S`;
  await run('tar', [...same, renamed, '-C', folder, '-czf', path, '.']);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { electron: { type: 'string' }, to: { type: 'string', default: 'out' } },
  });
  const electron = resolve(values.electron ?? join(ROOT, 'node_modules', 'electron', 'dist'));
  if (!existsSync(join(electron, 'version')))
    throw new Error(`${electron} holds no Electron: run "npx install-electron", or name a folder with --electron`);
  if (!existsSync(join(BUILT, 'package.json'))) throw new Error('the app is not built: run "npm run build:app"');
  const targets = positionals.map((target): Target => {
    if (target !== 'deb' && target !== 'tar.gz') throw new Error(`"${target}" is no target here: deb or tar.gz`);
    return target;
  });
  const { files, folder, packages } = await packLinux({ electron, to: resolve(values.to), targets });
  console.log([`${folder} (${files.size} files)`, ...packages].join('\n'));
}

if (process.argv[1] === import.meta.filename) await main();

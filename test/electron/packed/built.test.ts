import { execFileSync } from 'node:child_process';
import { cpSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listFiles } from '../../../electron/packaging/file-list.ts';
import { beforeBuild } from '../../../electron/packaging/hooks.ts';
import { temporaryFolder } from '../../host/case.ts';
import { BUILT } from '../stand-in.ts';
import { notAllowed, refsOf } from './allowed.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const LICENCES = join(BUILT, 'licences');
const bill = refsOf(join(LICENCES, 'sbom.cdx.json'));
const paths = [...listFiles(BUILT).keys()];

test('only what is on the list is built into the app', () => {
  expect(notAllowed(paths, bill)).toEqual([]);
});

test.each([
  'notes.txt',
  '.env',
  'case.decklog',
  'core/host/spare.js',
  'core/host/engine-main.ts',
  'electron/entry.cjs',
  'electron/main.cjs.map',
  'licences/key.pem',
  'node_modules/better-sqlite3/src/better_sqlite3.cpp',
  'node_modules/pdfkit/.yarn/install-state.gz',
  'node_modules/vite/dist/node/index.js',
  'node_modules/.cache/code/x.json',
  'renderer/spare.js',
  'rules/spare.yml',
  'sample/northwind/other.log',
  'test/fixtures/x.json',
])('%s would be one too many', (path) => {
  expect(notAllowed([path], bill)).toEqual([path]);
});

test('nothing that the core reads at run time is left behind', () => {
  const read = globSync(['core/**/*.wasm', 'rules/**/*.{yml,json}', 'sample/**/*.gz'], { cwd: ROOT });

  expect(read.length).toBeGreaterThan(400);
  expect(read.map((path) => path.replaceAll('\\', '/')).filter((path) => !paths.includes(path))).toEqual([]);
});

test('every part is in the bill of materials and has its licence told, and none that only builds', () => {
  const places = paths.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1] ?? []);
  const names = bill.map((ref) => ref.replace(/^page:(.+?)(?:@[\d.]+)?$/, '$1'));
  const licences = readFileSync(join(LICENCES, 'LICENCES.txt'), 'utf8');

  expect(places.filter((place) => !bill.includes(place))).toEqual([]);
  for (const name of ['better-sqlite3', 'react', 'monaco-editor', '@mantine/core', '@fontsource-variable/inter'])
    expect(names).toContain(name);
  expect(bill).toEqual(expect.arrayContaining(['runtime:electron', 'runtime:node']));
  for (const name of ['vite', 'typescript', 'vitest', 'playwright-core', 'electron-builder'])
    expect(names).not.toContain(name);
  for (const name of ['better-sqlite3', 'monaco-editor', 'Node.js is licensed', 'SIL OPEN FONT LICENSE'])
    expect(licences).toContain(name);
});

test('the command line of a package needs nothing of the checkout', () => {
  const folder = temporaryFolder();
  cpSync(BUILT, join(folder, 'cli'), { recursive: true });
  const starter = join(folder, 'cli', 'core', 'cli', 'decklog.mjs');
  const options = { cwd: folder, env: { PATH: '/usr/bin:/bin' }, maxBuffer: 2 ** 28 } as const;
  const said = execFileSync(process.execPath, [starter, 'start', '--no-open', '--quiet'], options).toString();
  const verified = execFileSync(process.execPath, [starter, 'verify', 'northwind.decklog', '--json'], options);

  expect(said).toContain('The case is northwind.decklog');
  expect(JSON.parse(verified.toString())).toMatchObject({ ok: true });
});

test('nothing is packed for a system whose Node would be missing from it', () => {
  const { platform, arch } = process;

  expect(beforeBuild({ platform: { nodeName: platform }, arch })).toBe(false);
  expect(() => beforeBuild({ platform: { nodeName: 'win32' }, arch: 'vax' })).toThrow(
    'No Node for win-vax is installed',
  );
});

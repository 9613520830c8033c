import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InputOptions, rolldown } from 'rolldown';
import { pageBundle } from '../core/serve/page-bundle.ts';
import { writeLicences } from './build-licences.ts';
import { copyPackages, productPackages } from './build-packages.ts';
import { buildShell } from './build-shell.ts';

const ROOT = join(import.meta.dirname, '..');
const BUILT = join(ROOT, 'dist');

/** Files that are started by their path: engine, command line, threads. */
const ENTRIES = [
  'core/cli/main.ts',
  'core/host/engine-main.ts',
  ...globSync('core/**/*.ts', { cwd: ROOT }).filter((path) => /(-worker|-thread|\/worker)\.ts$/.test(path)),
];

/** Packages come as packages; only our own modules are built. */
const isPackage = (id: string): boolean => !/^[./]/.test(id) && !id.startsWith(ROOT);

/** Paths of threads are written as sources. */
const builtPaths: NonNullable<InputOptions['plugins']> = {
  name: 'built-paths',
  transform: (code, id) =>
    id.startsWith(join(ROOT, 'core'))
      ? code.replace(/new URL\('([^']+)\.ts', import\.meta\.url\)/g, "new URL('$1.js', import.meta.url)")
      : null,
};

async function buildCore(): Promise<void> {
  const build = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(ENTRIES.map((path) => [path.replace(/\.ts$/, ''), join(ROOT, path)])),
    external: isPackage,
    platform: 'node',
    plugins: [builtPaths],
  });
  await build.write({ dir: BUILT, format: 'esm', preserveModules: true, preserveModulesRoot: ROOT });
}

function copyRest(): void {
  const copies = [
    ['electron/start', 'start'],
    ['rules', 'rules'],
    ['sample', 'sample'],
    ['core/cli/decklog.mjs', 'core/cli/decklog.mjs'],
    ['core/scan/wasm/line.wasm', 'core/scan/wasm/line.wasm'],
    ['core/hunt/wasm/find.wasm', 'core/hunt/wasm/find.wasm'],
  ];
  for (const [from = '', to = ''] of copies) cpSync(join(ROOT, from), join(BUILT, to), { recursive: true });
  const starter = join(BUILT, 'core', 'cli', 'decklog.mjs');
  writeFileSync(starter, readFileSync(starter, 'utf8').replace("import('./main.ts')", "import('./main.js')"));
  const { name, version, description, license, dependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const app = { name, version, description, license, type: 'module', main: 'electron/main.cjs', dependencies };
  writeFileSync(join(BUILT, 'package.json'), `${JSON.stringify(app, null, 2)}\n`);
}

const packages = productPackages(ROOT);
mkdirSync(BUILT, { recursive: true });
for (const name of ['core', 'electron', 'licences', 'node_modules', 'rules', 'sample', 'start'])
  rmSync(join(BUILT, name), { recursive: true, force: true });
await pageBundle((line) => process.stderr.write(`${line}\n`));
await buildCore();
await buildShell(join(BUILT, 'electron'));
copyRest();
copyPackages(packages, join(BUILT, 'node_modules'));
writeLicences(packages, ROOT, join(BUILT, 'renderer'), join(BUILT, 'licences'));

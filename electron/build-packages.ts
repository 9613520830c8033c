import { cpSync, existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** A package that the product needs when it runs. */
export interface ProductPackage {
  readonly name: string;
  readonly folder: string;
  /** Where it lies in `node_modules`: one of another version may lie below the package that wants it. */
  readonly place: string;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** All packages below the product's own dependencies, by place. Types are of no use when a program runs. */
export function productPackages(root: string): readonly ProductPackage[] {
  const modules = realpathSync(join(root, 'node_modules'));
  const found = new Map<string, ProductPackage>();
  const visit = (name: string, from: string) => {
    if (name.startsWith('@types/')) return;
    const folder = findPackage(name, from, dirname(modules));
    if (folder === null) throw new Error(`${name}, wanted by ${from}, is not installed: run npm ci`);
    const place = relative(modules, folder);
    if (found.has(place)) return;
    const { dependencies = {} } = readManifest(folder);
    found.set(place, { name, folder, place });
    for (const below of Object.keys(dependencies)) visit(below, folder);
  };
  for (const name of Object.keys(readManifest(root).dependencies ?? {})) visit(name, dirname(modules));
  return [...found.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** As Node looks for it: beside the package that wants it, or further up. */
function findPackage(name: string, from: string, top: string): string | null {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  return from === top || dirname(from) === from ? null : findPackage(name, dirname(from), top);
}

/** Code, data that code reads, and licences. Sources, headers, types, tests and settings of other tools stay behind. */
const KEPT =
  /\.(?:js|cjs|mjs|json|node|wasm|afm|icc|trie|machine|ttf|woff2?)$|(?:^|\/)(?:licen[cs]e|copying|notice)[^/]*$|\.LEGAL\.txt$/i;
const LEFT_OUT = /^(?:test|tests|__tests__|example|examples|docs?)(?:\/|$)|(?:^|\/)(?:node_modules$|node_modules\/|\.)/;
const BETTER_SQLITE3 = /^(?:src|deps)(?:\/|$)/;

/** Only what runs. */
export function copyPackages(packages: readonly ProductPackage[], to: string): void {
  for (const { name, folder, place } of packages) {
    if (name === 'node-addon-api') continue;
    const filter = (path: string) => {
      const within = relative(folder, path).split(sep).join('/');
      if (LEFT_OUT.test(within) || (name === 'better-sqlite3' && BETTER_SQLITE3.test(within))) return false;
      return lstatSync(path).isDirectory() || KEPT.test(within);
    };
    cpSync(folder, join(to, place), { recursive: true, filter });
  }
}

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

/** A package that the product needs when it runs. */
export interface ProductPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly folder: string;
  /** Where it lies in `node_modules`: one of another version may lie below the package that wants it. */
  readonly place: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
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
    const { version, license = 'not stated', dependencies = {} } = readManifest(folder);
    found.set(place, { name, version, licence: license, folder, place });
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

/** Sources, headers, types and tests of packages stay behind. */
const LEFT_OUT =
  /^(?:test|tests|__tests__|example|examples|docs?|\.github)(?:\/|$)|(?:^|\/)(?:node_modules|\.bin)(?:\/|$)|\.(?:map|ts|mts|cts|tsx|flow|md|markdown|gyp|h|c|cc|cpp)$/;
const BETTER_SQLITE3 = /^(?:src|deps)(?:\/|$)/;

/** Only what runs. */
export function copyPackages(packages: readonly ProductPackage[], to: string): void {
  for (const { name, folder, place } of packages) {
    if (name === 'node-addon-api') continue;
    const filter = (path: string) => {
      const within = relative(folder, path).split(sep).join('/');
      return !LEFT_OUT.test(within) && !(name === 'better-sqlite3' && BETTER_SQLITE3.test(within));
    };
    cpSync(folder, join(to, place), { recursive: true, filter });
  }
}

/** The licences of all parts in one text, and a bill of materials (CycloneDX 1.6) that is the same for the same parts. */
export function writeLicences(packages: readonly ProductPackage[], root: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const { name, version, license = '' } = readManifest(root);
  const own = `${name} ${version} (${license})\n\n${readFileSync(join(root, 'LICENSE'), 'utf8')}`;
  writeFileSync(join(to, 'LICENCES.txt'), [own, ...packages.map(licenceText)].join(`\n${'='.repeat(100)}\n\n`));
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': name, name, version, licenses: [licenceOf(license)] } },
    components: packages.map((part) => ({
      type: 'library',
      'bom-ref': part.place,
      name: part.name,
      version: part.version,
      purl: `pkg:npm/${part.name.replace('@', '%40')}@${part.version}`,
      licenses: [licenceOf(part.licence)],
      hashes: [{ alg: 'SHA-256', content: hashOf(join(part.folder, 'package.json')) }],
    })),
  };
  writeFileSync(join(to, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
}

const licenceOf = (text: string) =>
  /\s(?:OR|AND)\s|^\(/.test(text) ? { expression: text } : { license: /\s/.test(text) ? { name: text } : { id: text } };

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

function licenceText({ name, version, licence, folder }: ProductPackage): string {
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying|notice)/i.test(basename(entry)));
  const text =
    file === undefined ? 'The package carries no text of its licence.' : readFileSync(join(folder, file), 'utf8');
  return `${name} ${version} (${licence})\n\n${text}`;
}

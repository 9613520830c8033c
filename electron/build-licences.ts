import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProductPackage } from './build-packages.ts';

/** Something that a package of ours carries and others have made. */
interface Part {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
  /** Unique in the bill: where it lies, or what carries it. */
  readonly ref: string;
  readonly type: 'application' | 'framework' | 'library';
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/**
 * The licences of all parts in one text, and a bill of materials (CycloneDX 1.6) that is the same for the same parts: packages that
 * lie beside the program, those that were built into the page, its fonts, and the runtimes.
 */
export function writeLicences(packages: readonly ProductPackage[], root: string, page: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const found = [...packages.map(besideProgram), ...inPage(page, root), ...fonts(root), ...runtimes(root)];
  const parts = found.sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const hashes = publishedHashes(root);
  const { name, version, license = '' } = readManifest(root);
  const own = `${name} ${version} (${license})\n\n${readFileSync(join(root, 'LICENSE'), 'utf8')}`;
  writeFileSync(join(to, 'LICENCES.txt'), [own, ...parts.map(asText)].join(`\n${'='.repeat(100)}\n\n`));
  const component = { type: 'application', 'bom-ref': name, name, version, licenses: [licenceOf(license)] };
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component },
    components: parts.map((part) => asComponent(part, hashes.get(`${part.name}@${part.version}`))),
  };
  writeFileSync(join(to, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
}

const besideProgram = ({ folder, place }: ProductPackage): Part => partOf(folder, place);

function partOf(folder: string, ref: string, type: Part['type'] = 'library'): Part {
  const { name, version, license = 'not stated' } = readManifest(folder);
  const texts = readdirSync(folder).filter((entry) => /^(?:licen[cs]e|copying|notice|thirdpartynotices)/i.test(entry));
  const text = texts.map((entry) => readFileSync(join(folder, entry), 'utf8')).join('\n');
  return { name, version, licence: license, text, ref, type };
}

/** What Vite says that it has built in; where the package lies at hand, with the notices that it gives. */
function inPage(page: string, root: string): readonly Part[] {
  const found = JSON.parse(readFileSync(join(page, 'licences.json'), 'utf8')) as readonly {
    readonly name: string;
    readonly version: string;
    readonly identifier: string;
    readonly text?: string;
  }[];
  return found.map(({ name, version, identifier, text = '' }) => {
    const [folder, ref] = [join(root, 'node_modules', name), `page:${name}@${version}`];
    if (existsSync(join(folder, 'package.json')) && readManifest(folder).version === version)
      return partOf(folder, ref);
    return { name, version, text, licence: identifier, ref, type: 'library' };
  });
}

/** Style sheets name them, of which Vite does not tell. */
function fonts(root: string): readonly Part[] {
  const named = Object.keys(readManifest(root).devDependencies ?? {}).filter((name) => name.startsWith('@fontsource'));
  return named.map((name) => partOf(join(root, 'node_modules', name), `page:${name}`));
}

/** Electron's folder carries Chromium's licences as well. */
function runtimes(root: string): readonly Part[] {
  const node = join(root, 'node_modules', `node-${process.platform.replace('32', '')}-${process.arch}`);
  const electron = partOf(join(root, 'node_modules', 'electron'), 'runtime:electron', 'framework');
  return existsSync(node) ? [electron, partOf(node, 'runtime:node', 'application')] : [electron];
}

const asText = ({ name, version, licence, text }: Part): string =>
  `${name} ${version} (${licence})\n\n${text || 'The package carries no text of its licence.'}`;

const asComponent = ({ type, ref, name, version, licence }: Part, hash?: string) => ({
  type,
  'bom-ref': ref,
  name,
  version,
  purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  licenses: [licenceOf(licence)],
  ...(hash !== undefined && { hashes: [{ alg: 'SHA-512', content: hash }] }),
});

const licenceOf = (text: string) =>
  /\s(?:OR|AND)\s|^\(/.test(text) ? { expression: text } : { license: /\s/.test(text) ? { name: text } : { id: text } };

/** Of packages as they were published, by name and version: what the lock file holds of them, in hex. */
function publishedHashes(root: string): ReadonlyMap<string, string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
  };
  const hashes = new Map<string, string>();
  for (const [place, { version, integrity = '' }] of Object.entries(packages)) {
    const name = place.split('node_modules/').at(-1);
    if (integrity.startsWith('sha512-'))
      hashes.set(`${name}@${version}`, Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex'));
  }
  return hashes;
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Files of the app that are known by name or by the place of their source, with slashes and from the app's own folder. */
const KNOWN: readonly RegExp[] = [
  /^package\.json$/,
  /^electron\/(?:main|preload)\.cjs$/,
  /^start\/(?:index\.html|start\.css|start\.js)$/,
  /^licences\/(?:LICENCES\.txt|sbom\.cdx\.json)$/,
  /^renderer\/(?:index\.html|icon\.svg|licences\.json)$/,
  /^renderer\/assets\/[\w.-]+-[\w-]{8}\.(?:js|css|ttf|woff2?|svg)$/,
];
/** They come along as they lie in the checkout. */
const AS_THEY_LIE = /^(?:rules|sample)\/|^core\/cli\/decklog\.mjs$|^core\/[\w-]+\/wasm\/[\w-]+\.wasm$/;
const CODE_OR_DATA_OF_PACKAGE =
  /\.(?:js|cjs|mjs|json|node|wasm|afm|icc|trie|machine|ttf|woff2?|txt|MIT)$|\/LICEN[CS]E(?:\.md)?$/;

/** What of an app's files nobody has allowed: every file has a source in the checkout, or a package in the bill of materials. */
export function notAllowed(paths: readonly string[], bill: readonly string[]): readonly string[] {
  return paths.filter((path) => !isAllowed(path, bill));
}

function isAllowed(path: string, bill: readonly string[]): boolean {
  if (KNOWN.some((known) => known.test(path))) return true;
  if (AS_THEY_LIE.test(path)) return existsSync(join(ROOT, path));
  if (/^core\/.*\.js$/.test(path)) return existsSync(join(ROOT, path.replace(/\.js$/, '.ts')));
  const [, place = '', below = ''] =
    /^node_modules\/((?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)(\/.*)$/.exec(path) ?? [];
  return bill.includes(place) && CODE_OR_DATA_OF_PACKAGE.test(below) && !/\/\./.test(below);
}

/** What a bill of materials names: places in `node_modules`, and parts of the page and runtimes by their own names. */
export function refsOf(billPath: string): readonly string[] {
  const { components } = JSON.parse(readFileSync(billPath, 'utf8')) as {
    readonly components: readonly { readonly 'bom-ref': string }[];
  };
  return components.map((part) => part['bom-ref']);
}

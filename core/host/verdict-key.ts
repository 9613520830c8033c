import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RuleSet } from '../detect/rule-set.ts';
import type { CaseStore } from '../store/case-store.ts';

/** Folders of core whose code decides what an event meets and what that proves. */
const DECIDING = ['detect', 'event', 'ingest', 'scan', 'sigma'];

let program: Buffer | undefined;

/** All that verdicts depend on, as a hash: the evidence, the rules with their lists and settings, and this program. */
export function verdictKey(store: CaseStore, set: RuleSet): Buffer {
  program ??= programHash();
  const { evidence } = store.roots();
  return createHash('sha256')
    .update(program)
    .update(`${evidence}\n${JSON.stringify(set)}`)
    .digest();
}

/** Another version of a package decides otherwise, too. */
function programHash(): Buffer {
  const hash = createHash('sha256').update(readFileSync(new URL('../../package.json', import.meta.url)));
  for (const folder of DECIDING) {
    const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
    for (const name of (readdirSync(path, { recursive: true }) as string[]).sort())
      if (/\.(ts|js|wasm)$/.test(name)) hash.update(name).update(readFileSync(`${path}${name}`));
  }
  return hash.digest();
}

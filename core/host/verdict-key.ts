import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RuleSet } from '../detect/rule-set.ts';

/** Folders of core whose code decides what an event meets and what that proves. */
const DECIDING = ['detect', 'event', 'ingest', 'scan', 'sigma'];

let program: Buffer | undefined;

/** What verdicts depend on besides the evidence, as a hash: the rules with their lists and settings, and this program. */
export function verdictKey(set: RuleSet): Buffer {
  program ??= programHash();
  return createHash('sha256').update(program).update(JSON.stringify(set)).digest();
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

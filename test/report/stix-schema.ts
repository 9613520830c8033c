import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const FOLDER = join(import.meta.dirname, '../fixtures/stix-2.1');

interface StixObject {
  readonly type: string;
  readonly id: string;
}

/** What the published schemas say against objects of a STIX 2.1 bundle: one line a fault. */
export function stixFaults(objects: readonly StixObject[]): string[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, unicodeRegExp: false });
  const idOf = new Map<string, string>();
  for (const folder of ['common', 'sros', 'sdos', 'observables']) {
    for (const name of readdirSync(join(FOLDER, folder))) {
      const schema = JSON.parse(readFileSync(join(FOLDER, folder, name), 'utf8')) as { $id: string };
      ajv.addSchema(schema);
      idOf.set(name.replace('.json', ''), schema.$id);
    }
  }
  return objects.flatMap((object) => {
    const check = ajv.getSchema(idOf.get(object.type) ?? '');
    if (check === undefined) return [`${object.id}: no schema for ${object.type}`];
    return check(object) ? [] : [`${object.id}: ${ajv.errorsText(check.errors)}`];
  });
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { techniqueName, techniqueTitle } from '../../core/contract/attack-names.ts';

const RULES = join(import.meta.dirname, '../../rules');

/** The techniques that the shipped rules are tagged with. */
function tagged(): readonly string[] {
  const files = readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name));
  const ids = files.flatMap(
    (name) => readFileSync(join(RULES, name), 'utf8').match(/\battack\.t\d{4}(\.\d{3})?\b/g) ?? [],
  );
  return [...new Set(ids)].map((tag) => tag.replace('attack.t', 'T')).sort();
}

test('every technique of the shipped rules has a name of its own, no two the same', () => {
  const ids = tagged();
  const names = ids.map(techniqueName);
  expect(ids.length).toBeGreaterThan(30);
  expect(ids.filter((id, index) => names[index] === id)).toEqual([]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('a sub-technique is named after its parent', () => {
  const wrong = tagged().filter(
    (id) => id.includes('.') && !techniqueName(id).startsWith(`${techniqueName(id.slice(0, 5))}: `),
  );
  expect(wrong).toEqual([]);
});

test('an id that is not known stands for itself, a sub-technique for its parent', () => {
  expect([techniqueTitle('T9999'), techniqueTitle('T1611.099')]).toEqual(['T9999', 'T1611.099 Escape to Host']);
});

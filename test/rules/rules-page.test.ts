import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { listRules } from '../../core/host/rules.ts';
import { answered, readReferences, rulesPage } from './rules-page.ts';

const references = readReferences();
const rules = listRules([]);
const rows = [...references.defender, ...references.node, ...references.capabilities];

test('docs/rules.md is what rules and references make (`npm run docs:rules`)', () => {
  expect(readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8')).toBe(rulesPage());
});

test('no row is empty, and none is named twice', () => {
  const empty = rows.filter((row) => answered(row, rules).state === 'empty');
  const ids = rows.map(({ id }) => id);

  expect([empty, new Set(ids).size]).toEqual([[], ids.length]);
});

test('the page has every row of both references', () => {
  const counts = [references.defender, references.node, references.capabilities].map(({ length }) => length);

  expect(counts).toEqual([26, 8, 124]);
});

test('rules that rows name exist, and alerts that rules name are rows', () => {
  const names = new Set(rules.map(({ path }) => basename(path, '.yml')));
  const ids = new Set(rows.map(({ id }) => id));
  const lost = rows.flatMap((row) => row.rules.filter((name) => !names.has(name)).map((name) => `${row.id}: ${name}`));
  const unknown = rules.flatMap(({ defender, path }) =>
    defender === null || ids.has(defender) || /NODE[_:]/.test(defender) ? [] : [`${path}: ${defender}`],
  );

  expect([lost, unknown]).toEqual([[], []]);
});

test('links of the page lead to files', () => {
  const links = [...rulesPage().matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path]) => path ?? '');

  expect(links.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
  expect(links.length).toBeGreaterThan(rules.length);
});

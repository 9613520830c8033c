import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DERIVED_FIELDS, derivedField, derivedFieldNeeds } from '../../core/event/derived.ts';
import { fieldsPage } from './fields-page.ts';

test('docs/fields.md says what the table of derived fields says', () => {
  const page = new URL('../../docs/fields.md', import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(page, fieldsPage(DERIVED_FIELDS));

  expect(readFileSync(page, 'utf8')).toBe(fieldsPage(DERIVED_FIELDS));
});

test('every field is known once, by its whole name, with what it needs', () => {
  const names = DERIVED_FIELDS.map((field) => field.name);

  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => derivedField(name) === undefined || derivedFieldNeeds(name) === undefined)).toEqual([]);
});

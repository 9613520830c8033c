import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FIELD_STYLES } from '../../core/contract/rows.ts';
import { MAPPINGS } from '../../core/event/mapping/mappings.ts';
import { mappingsPage } from './mappings-page.ts';

test('docs/mappings.md says what the tables of mappings say', () => {
  const page = new URL('../../docs/mappings.md', import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(page, mappingsPage());

  expect(readFileSync(page, 'utf8')).toBe(mappingsPage());
});

test.each(FIELD_STYLES)('names of %s stand in its table once', (style) => {
  const names = MAPPINGS[style].names.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
});

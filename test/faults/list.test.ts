import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAULTS } from './list.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test('there are at least 20 deliberate faults, each under its own name', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  expect(FAULTS.length).toBeGreaterThanOrEqual(20);
});

test.each(FAULTS.map((fault) => [fault.name, fault] as const))(
  '"%s" can still be made',
  (_, { file, find, put, tests }) => {
    expect(existsSync(join(ROOT, tests))).toBe(true);
    expect(read(file).split(find)).toHaveLength(2);
    expect(put).not.toBe(find);
  },
);

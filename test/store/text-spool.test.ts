import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TextSpool } from '../../core/store/text-spool.ts';
import { temporaryFolder } from '../host/case.ts';

const MEMORY = 2 * 1024 * 1024;
const texts = Array.from({ length: 3000 }, (_, at) => Buffer.from(`${at} é ${'x'.repeat((at * 37) % 4000)}`));

test('texts come back whole from memory and from the file, in any order, and nothing is left behind', () => {
  const folder = temporaryFolder();
  const spool = new TextSpool(folder, MEMORY);
  const places = texts.map((text) => spool.add(text));
  const large = Buffer.alloc(3 * MEMORY, 'y');
  const largePlace = spool.add(large);

  expect(places.map((place) => spool.read(place))).toEqual(texts);
  expect(places.toReversed().map((place) => spool.read(place))).toEqual(texts.toReversed());
  expect(spool.read(largePlace).equals(large)).toBe(true);
  expect(spool.read(spool.add(Buffer.alloc(0))).length).toBe(0);

  spool.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('where there is no room the run ends with a fault', () => {
  const spool = new TextSpool(join(temporaryFolder(), 'missing'), MEMORY);
  const fill = () => {
    for (const text of texts) spool.add(text);
  };
  expect(fill).toThrow(expect.objectContaining({ code: 'case/no-room' }));
  spool.close();
});

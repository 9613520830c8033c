import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TupleInterner } from '../../core/event/tuple-interner.ts';
import { TermInterner } from '../../core/scan/terms.ts';

test('equal texts share an id, others do not, whatever the order and number', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 300 }), (texts) => {
      const terms = new TermInterner();
      const ids = texts.map((text) => terms.idOfText(text.toWellFormed()));
      const byText = new Map(texts.map((text, i) => [text.toWellFormed(), ids[i]]));
      expect(byText.size).toBe(new Set(ids).size);
      expect([...byText].every(([text, id]) => terms.text(id as number) === text)).toBe(true);
    }),
  );
});

test('many texts grow the tables and none is lost', () => {
  const terms = new TermInterner();
  const texts = Array.from({ length: 50_000 }, (_, i) => `pod-${i * 7919}`);

  const ids = texts.map((text) => terms.idOfText(text));

  expect(texts.map((text) => terms.idOfText(text))).toEqual(ids);
  expect(terms.takeNew()).toEqual(texts);
  expect(terms.takeNew()).toEqual([]);
});

test('tuples keep their numbers and are reported once', () => {
  const tuples = new TupleInterner(3);
  const all = Array.from({ length: 3000 }, (_, i) => [i % 7, i % 11, i % 13]);

  const ids = all.map((tuple) => tuples.idOf(Int32Array.from(tuple)));

  expect(new Set(ids).size).toBe(7 * 11 * 13);
  expect(all.every((tuple, i) => tuple.every((value, column) => tuples.at(ids[i] as number, column) === value))).toBe(
    true,
  );
  expect(tuples.takeNew().length).toBe(7 * 11 * 13 * 3);
});

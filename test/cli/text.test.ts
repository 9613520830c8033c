import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inertJson, jsonPieces, jsonText, visible, visibleLines } from '../../core/text.ts';

const HARMFUL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

test('characters that drive a terminal or hide are written out', () => {
  expect(visible('\u001b[31mred\u202egnp.exe\u0000\u009b2J\u200b\n\u{e0041}\ud800')).toBe(
    '\\u001b[31mred\\u202egnp.exe\\u0000\\u009b2J\\u200b\\u000a\\u{e0041}\\ud800',
  );
});

test('letters of all languages stay as they are', () => {
  const text = 'Grüße, 名前, naïve, Ωmega, 🚀';

  expect(visible(text)).toBe(text);
});

test('a text of several lines keeps its lines', () => {
  expect(visibleLines('a\r\n\tb\u001bc\n')).toBe('a\n  b\\u001bc\n');
});

test('JSON stays the same value and holds nothing that a terminal obeys', () => {
  const nasty = fc.string({ unit: 'binary' });

  fc.assert(
    fc.property(
      fc.dictionary(nasty, fc.oneof(nasty, fc.array(nasty))),
      fc.constantFrom(undefined, 2),
      (value, indent) => {
        const text = jsonText(value, indent);

        expect(text).not.toMatch(HARMFUL);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      },
    ),
  );
});

test('integers beyond doubles keep their digits', () => {
  expect(jsonText({ value: 12345678901234567890n })).toBe('{"value":12345678901234567890}');
});

test('JSON text from elsewhere is made inert, too', () => {
  expect(inertJson('{"a":\t"\u202e"}')).toBe('{"a": "\\u202e"}');
});

test('JSON in pieces is the same text', () => {
  const values = [
    null,
    7,
    'a\u202e',
    [],
    {},
    [1, undefined, { a: [] }],
    { a: [1, [2]], b: { c: [3], d: undefined }, e: undefined, f: [], '"': 2n },
  ];

  expect(values.map((value) => [...jsonPieces(value)].join(''))).toEqual(values.map((value) => jsonText(value)));
});

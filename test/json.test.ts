import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasRepeatedKey, JsonDepthError, locateJson, parseJson, stringifyJson } from '../core/json.ts';

test('integers beyond 2^53 survive, and so do their digits on the way out', () => {
  const text =
    '{"a":12345678901234567890,"b":-9007199254740993,"c":1.5,"d":"12345678901234567890","e":9007199254740991}';

  const value = parseJson(text);

  expect(value).toEqual({
    a: 12345678901234567890n,
    b: -9007199254740993n,
    c: 1.5,
    d: '12345678901234567890',
    e: 9007199254740991,
  });
  expect(stringifyJson(value)).toBe(text);
});

test('numbers that no double holds stay text', () => {
  expect(parseJson('[1e400,-1E+999,1e2]')).toEqual(['1e400', '-1E+999', 100]);
});

test('nesting is refused by depth, without recursion', () => {
  expect(parseJson(`${'['.repeat(200)}${']'.repeat(200)}`)).toBeDefined();
  expect(() => parseJson(`${'['.repeat(201)}${']'.repeat(201)}`)).toThrow(JsonDepthError);
  expect(() => parseJson(`${'{"a":'.repeat(300_000)}`)).toThrow(JsonDepthError);
});

test('__proto__ is an own member', () => {
  const value = parseJson('{"__proto__":{"a":12345678901234567890}}') as object;

  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('repeated keys are found at any depth and in any spelling', () => {
  const repeats = (text: string) => hasRepeatedKey(text, parseJson(text));

  expect(repeats('{"a":1,"b":{"a":":"}}')).toBe(false);
  expect(repeats('{"a":[{"b":1,"b":2}]}')).toBe(true);
  expect(repeats(String.raw`{"verb":1,"\u0076erb":2}`)).toBe(true);
  expect(repeats('{"__proto__":1,"__proto__":2}')).toBe(true);
});

test('parsing agrees with JSON.parse on everything that JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);

      expect(stringifyJson(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      expect(hasRepeatedKey(text, parseJson(text))).toBe(false);
    }),
  );
});

test('a value is found where its steps lead', () => {
  const text = ' {"x" : [1, {"y":{"z":"q}\\""}}] ,"k":2,"k": 3}';

  const at = (...steps: string[]) => text.slice(...(locateJson(text, steps) ?? [0, 0]));

  expect([at('x', '1', 'y'), at('k'), at('x', '0'), at('none')]).toEqual(['{"z":"q}\\""}', '3', '1', '']);
});

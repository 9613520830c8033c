import { expect, test } from 'vitest';
import { parseJson } from '../../core/json.ts';
import { compile, item } from './rule-text.ts';

const met = (line: string, events: readonly string[], options = {}) => {
  const rule = item(line, options);
  return events.map((event) => rule.matches(parseJson(event)));
};

test('numbers of a rule equal numbers as numbers and text as text', () => {
  expect(met('a: 1.50', ['{"a":1.5}', '{"a":"1.50"}', '{"a":"1.5"}', '{"a":"1.500"}'])).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(met('a: 1.0', ['{"a":1}', '{"a":"1.0"}', '{"a":"1"}'])).toEqual([true, true, false]);
  expect(met('a: 010', ['{"a":10}', '{"a":8}', '{"a":"10"}'])).toEqual([true, false, true]);
  expect(met('a: 0o17', ['{"a":15}', '{"a":"0o17"}'])).toEqual([true, false]);
  expect(met("a: '403'", ['{"a":403}', '{"a":403.5}'])).toEqual([true, false]);
});

test('integers are exact wherever they stand', () => {
  expect(
    met('a|gte: 9223372036854775807', [
      '{"a":9223372036854775807}',
      '{"a":9223372036854775806}',
      '{"a":"9223372036854775807"}',
    ]),
  ).toEqual([true, false, true]);
  expect(met('a|lt: 9007199254740993', ['{"a":9007199254740992}', '{"a":9007199254740993}', '{"a":1.5}'])).toEqual([
    true,
    false,
    true,
  ]);
});

test('neq turns a whole comparison round', () => {
  expect(met('a|contains|neq: x', ['{"a":"y"}', '{"a":"yx"}', '{}', '{"a":["y","x"]}'])).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(met('a|neq: null', ['{"a":1}', '{"a":null}', '{}'])).toEqual([true, false, false]);
  expect(met('a|exists|neq: true', ['{"a":1}', '{}'])).toEqual([false, true]);
  expect(met('a|neq|all: [x, y]', ['{"a":["x","y"]}', '{"a":["x"]}'])).toEqual([false, true]);
});

test('encodings work in the order of the chain', () => {
  expect(met("a|utf16|base64: 'A'", ['{"a":"//5BAA=="}'])).toEqual([true]);
  expect(met("a|utf16le|base64offset|contains: 'cmd'", ['{"a":"YwBtAGQA"}', '{"a":"AGMAbQBkAA=="}'])).toEqual([
    true,
    true,
  ]);
  expect(met("a|base64: 'a\\*b'", ['{"a":"YSpi"}', '{"a":"YVwqYg=="}'])).toEqual([true, false]);
  expect(met("a|windash|base64: '-x'", ['{"a":"LXg="}', '{"a":"L3g="}', '{"a":"4oCTeA=="}', '{"a":"K3g="}'])).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(met("a|expand|base64: '%p%'", ['{"a":"eA=="}', '{"a":"eQ=="}'], { placeholders: { p: ['x', 'y'] } })).toEqual([
    true,
    true,
  ]);
  expect(met("a|base64|cased: 'hello'", ['{"a":"aGVsbG8="}', '{"a":"AGVSBG8="}'])).toEqual([true, false]);
});

test('placeholders stand in values, expressions and networks', () => {
  const options = { placeholders: { p: ['a.b', 'x*'], nets: ['10.0.0.0/8', '::/8'], none: [], n: [7] } };
  expect(met("a|re|expand: '^%p%$'", ['{"a":"a.b"}', '{"a":"aXb"}', '{"a":"xyz"}'], options)).toEqual([
    true,
    false,
    true,
  ]);
  expect(met("a|cidr|expand: '%nets%'", ['{"a":"10.1.1.1"}', '{"a":"::1"}', '{"a":"11.1.1.1"}'], options)).toEqual([
    true,
    true,
    false,
  ]);
  expect(met("a|expand: '%none%'", ['{"a":""}', '{"a":"%none%"}'], options)).toEqual([false, false]);
  expect(met("a|expand: 'v%n%'", ['{"a":"v7"}'], options)).toEqual([true]);
  expect(met("a|expand: '50\\% %p%'", ['{"a":"50% a.b"}'], options)).toEqual([true]);
});

test('names that every object inherits are no placeholders', () => {
  expect(() => item("a|expand: '%constructor%'", { placeholders: {} })).toThrow('placeholder/unresolved');
});

test('fieldref compares any pair, as data', () => {
  expect(met('a|fieldref: b', ['{"a":["x","y"],"b":["z","Y"]}', '{"a":403,"b":"403"}', '{"a":{},"b":{}}'])).toEqual([
    true,
    true,
    false,
  ]);
  expect(met('a|fieldref|cased: b', ['{"a":"x","b":"X"}', '{"a":"x","b":"x"}'])).toEqual([false, true]);
  expect(met('a|fieldref|endswith: b', ['{"a":"xyz","b":"YZ"}', '{"a":"x","b":"xx"}'])).toEqual([true, false]);
  expect(met('a|fieldref|all: [b, c]', ['{"a":["1","2"],"b":"1","c":"2"}', '{"a":"1","b":"1","c":"2"}'])).toEqual([
    true,
    false,
  ]);
});

test('parts of a time are read as written', () => {
  expect(
    met('t|hour: 23', [
      '{"t":"2026-03-04T23:00:00+02:00"}',
      '{"t":"2026-03-04 23:00:00"}',
      '{"t":"2026-02-30T23:00:00Z"}',
    ]),
  ).toEqual([true, true, false]);
  expect(
    met('t|week: 53', ['{"t":"2027-01-01T00:00:00Z"}', '{"t":"2026-12-28T00:00:00Z"}', '{"t":"2026-12-27T00:00:00Z"}']),
  ).toEqual([true, true, false]);
  expect(met('t|day|neq: 4', ['{"t":"2026-03-04T00:00:00Z"}', '{"t":"2026-03-05T00:00:00Z"}', '{}'])).toEqual([
    false,
    true,
    true,
  ]);
});

test('keywords take modifiers and look into every value', () => {
  const rule = compile("w:\n  '|re|i': '^SH$'\ncondition: w");
  expect(rule.matches({ a: [{ b: 'sh' }] })).toBe(true);
  expect(rule.matches({ sh: 'x' })).toBe(false);
  expect(compile("w:\n  '|startswith': ab\ncondition: w").matches({ a: 'xab' })).toBe(false);
  expect(compile('w:\n  - true\ncondition: w').matches({ a: { b: true } })).toBe(true);
});

import { expect, test } from 'vitest';
import { jsonDiff } from '../../renderer/json/json-diff.ts';
import { jsonLines } from '../../renderer/json/json-lines.ts';
import { parseExact } from '../../renderer/json/parse-exact.ts';
import { bytesOf, hexLines, textOf } from '../../renderer/views/event/bytes-text.ts';

const marked = (value: unknown, marks: Parameters<typeof jsonLines>[1], prefix = '') =>
  jsonLines(value, marks, new Set(), prefix)
    .filter((line) => line.isMarked)
    .map((line) => `${line.key}=${line.text}`);

test('numbers keep every digit', () => {
  const lines = jsonLines(parseExact('{"uid":12345678901234567890,"n":1.0}'));

  expect(lines.map((line) => line.text)).toEqual(['{', '12345678901234567890', '1.0', '}']);
});

test('a field that matched is marked wherever a list holds it, by value', () => {
  const pod = {
    spec: { containers: [{ securityContext: { privileged: true } }, { securityContext: { privileged: false } }] },
  };

  expect(
    marked(pod, [{ field: 'requestObject.spec.containers.securityContext.privileged', value: true }], 'requestObject'),
  ).toEqual(['privileged=true']);
  expect(marked({ verb: 'create' }, [{ field: 'Verb', value: undefined }])).toEqual(['verb=create']);
});

test('keys that an object inherits are keys like others', () => {
  expect(jsonLines(parseExact('{"__proto__":{"a":1},"constructor":2}')).map((line) => line.key)).toEqual([
    null,
    '__proto__',
    'a',
    null,
    'constructor',
    null,
  ]);
});

test('a folded object takes one line and says how much it holds', () => {
  expect(jsonLines({ a: { b: 1, c: 2 } }, [], new Set(['/a'])).map((line) => line.text)).toEqual(['{', '{ … 2 }', '}']);
});

test('a difference names what came and went, and matches list elements by their name', () => {
  const before = { roleRef: { name: 'view' }, subjects: [{ name: 'a', kind: 'User' }, { name: 'b' }], same: 1 };
  const after = { roleRef: { name: 'cluster-admin' }, subjects: [{ name: 'b' }, { name: 'c' }], same: 1 };

  expect(jsonDiff(before, after).filter((line) => line.sign === '+' || line.sign === '-')).toEqual([
    { sign: '-', depth: 2, text: '"name": "view"' },
    { sign: '+', depth: 2, text: '"name": "cluster-admin"' },
    { sign: '-', depth: 2, text: '{' },
    { sign: '-', depth: 3, text: '"name": "a"' },
    { sign: '-', depth: 3, text: '"kind": "User"' },
    { sign: '-', depth: 2, text: '}' },
    { sign: '+', depth: 2, text: '{' },
    { sign: '+', depth: 3, text: '"name": "c"' },
    { sign: '+', depth: 2, text: '}' },
  ]);
});

test('values that differ only in the order of keys are the same', () => {
  expect(jsonDiff({ a: 1, b: [1] }, { b: [1], a: 1 })).toEqual([{ sign: ' ', depth: 0, text: '{ … 2 }' }]);
});

test('bytes are shown one by one where they are no text, and what is not seen is written out', () => {
  const bytes = Uint8Array.from([0x61, 0xc3, 0x28, 0x00, 0xe2, 0x80, 0xae, 0x62]);

  expect(textOf(bytes)).toBe('a\\xc3(\\u0000\\u202eb');
  expect(textOf(bytesOf('8J+YgA=='))).toBe('😀');
  expect(hexLines(bytes)).toBe(`00000000  61 c3 28 00 e2 80 ae 62${' '.repeat(24)}  a.(....b`);
});

test('a character across the border of two pieces stays whole', () => {
  const text = `${'a'.repeat(4095)}é${'b'.repeat(10)}`;

  expect(textOf(new TextEncoder().encode(text))).toBe(text);
});

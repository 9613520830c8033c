import { expect, test } from 'vitest';
import { compileRegex } from '../../core/sigma/regex.ts';

const codeOf = (source: string) => {
  const result = compileRegex(source, '');
  return typeof result === 'function' ? 'fine' : `${result.code} ${result.index}`;
};

test.each([
  ['a(?=b)', 'regex/unsupported 1'],
  ['^(?!system:)', 'regex/unsupported 1'],
  ['(?<=a)b', 'regex/unsupported 0'],
  ['x(?<!a)b', 'regex/unsupported 1'],
  ['(a)\\1', 'regex/unsupported 3'],
  ['(?<n>a)\\k<n>', 'regex/unsupported 7'],
  ['(?P<n>a)(?P=n)', 'regex/unsupported 8'],
  ['ba++', 'regex/unsupported 3'],
  ['a{2}+', 'regex/unsupported 4'],
  ['(?>a)', 'regex/unsupported 0'],
  ['a\\Z', 'regex/unsupported 1'],
  ['a{2000}', 'regex/unsupported 1'],
  ['(abc', 'regex/invalid 0'],
  ['a{2,1}', 'regex/invalid 1'],
  ['*a', 'regex/invalid 0'],
  ['[a', 'regex/invalid 0'],
])('%s is refused with its place', (source, expected) => {
  expect(codeOf(source)).toBe(expected);
});

test.each([
  '\\(?=x',
  '[(?=]',
  '[]+++a]',
  '\\+\\+',
  'a\\++',
  '(?:a|b)+',
  '(?i)a',
  '\\d\\w\\s\\b',
  '[[:alpha:]]+',
  '\\/\\-\\_',
  'a+?',
  '\\\\1',
])('%s is no such thing and is fine', (source) => {
  expect(codeOf(source)).toBe('fine');
});

test.each(['^(a+)+$', '(a|a)*q', '(.*a){20}b', '(\\w+\\s?)+!$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(x+x+)+y'])(
  'the catastrophic %s runs in linear time',
  (source) => {
    const search = compileRegex(source, '');
    const started = performance.now();

    expect(typeof search === 'function' && search(`b!yZ${'a'.repeat(30_000)}#`)).toBe(false);

    expect(performance.now() - started).toBeLessThan(3_000);
  },
);

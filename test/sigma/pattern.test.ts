import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANY, compilePattern, ONE, type Pattern, parsePattern } from '../../core/sigma/pattern.ts';

/** Tries every way: slow and plainly right. */
function fits(pattern: readonly (string | typeof ANY | typeof ONE)[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === ANY) return fits(rest, text) || (text.length > 0 && fits(pattern, text.slice(1)));
  if (text.length === 0) return false;
  return (first === ONE || first === text[0]) && fits(rest, text.slice(1));
}

const part = fc.constantFrom<Pattern[number]>('a', 'b', '😀', ANY, ONE);
const text = fc.array(fc.constantFrom('a', 'b', '😀'), { maxLength: 8 });

test('a pattern fits what trying every way fits', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 7 }), text, (pattern, characters) => {
      expect(compilePattern(pattern)(characters.join(''))).toBe(fits(pattern, characters));
    }),
    { numRuns: 3000 },
  );
});

test('backslashes are read before anything else', () => {
  expect(parsePattern('C:\\\\*')).toEqual(['C:\\', ANY]);
  expect(parsePattern('C:\\*')).toEqual(['C:*']);
  expect(parsePattern('\\\\\\\\a')).toEqual(['\\\\a']);
  expect(parsePattern('a\\nb\\')).toEqual(['a\\nb\\']);
  expect(parsePattern('\\??')).toEqual(['?', ONE]);
});

test('many stars over a long text end quickly', () => {
  const test = compilePattern(parsePattern(`${'*a'.repeat(500)}b`));
  const started = performance.now();

  expect(test('a'.repeat(1_000_000))).toBe(false);

  expect(performance.now() - started).toBeLessThan(2_000);
});

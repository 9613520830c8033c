import { expect, test } from 'vitest';
import type { CaseError } from '../../core/fault.ts';
import { planQuery } from '../../core/hunt/plan.ts';

function faultOf(query: string): {
  code: string;
  column: number | undefined;
  message: string;
  hint: string | undefined;
} {
  try {
    planQuery(query);
  } catch (error) {
    const { code, at, message, hint } = error as CaseError;
    return { code, column: at?.column, message, hint };
  }
  throw new Error(`no fault: ${query}`);
}

test.each([
  ['verbb:get', 1, 'There is no field "verbb".'],
  ['verb:get and resorce:pods', 14, 'There is no field "resorce".'],
  ['system:anonymous', 1, 'There is no field "system".'],
  ['-verb:get', 1, 'A field name cannot begin with "-".'],
  ['verb:get (', 11, 'A condition is missing here.'],
  ['(verb:get', 1, 'This bracket is never closed.'],
  ['verb:get)', 9, 'This bracket closes nothing.'],
  ['()', 1, 'These brackets hold nothing.'],
  ['user:"abc', 6, 'This quotation mark is never closed.'],
  ['verb:', 6, 'A value for "verb" is missing here.'],
  ['verb: and code:200', 7, 'A value for "verb" is missing here.'],
  ['verb:()', 7, 'A value for "verb" is missing here.'],
  ['verb:(get and list)', 11, 'A list of values knows no "and".'],
  ['verb:get and', 13, 'A condition is missing here.'],
  ['or verb:get', 1, '"or" joins nothing here.'],
  ['verb:get or or ns:x', 13, '"or" joins nothing here.'],
  ['not', 4, 'A condition is missing here.'],
  [':get', 1, 'A condition is missing here.'],
  ['agent:foo(bar', 10, 'A bracket stands inside a value.'],
  ['code:abc', 6, '"code" cannot be "abc".'],
  ['code:>=', 6, '"code" cannot be ">=".'],
  ['code:500..400', 6, 'The range "500..400" holds nothing.'],
  ['time:yesterday', 6, '"time" cannot be "yesterday".'],
  ['time:2026-02-30', 6, '"time" cannot be "2026-02-30".'],
  ['id:5f0c7e0a', 4, '"id" cannot be "5f0c7e0a".'],
  ['v*:get', 1, 'A field name holds no wildcards.'],
  ['decklog.actr:x', 1, 'There is no field "decklog.actr".'],
  ['requestObject..spec:x', 1, '"requestObject..spec" is no path.'],
])('%s points at column %i', (query, column, message) => {
  expect(faultOf(query)).toMatchObject({ code: 'query/invalid', column, message });
});

test('a misspelt field is answered with the nearest one', () => {
  expect(faultOf('namspace:x').hint).toContain('Did you mean "namespace"?');
});

test('in a query of several lines the place names the line', () => {
  expect(() => planQuery('verb:get\nand foo:x')).toThrow(expect.objectContaining({ at: { line: 2, column: 5 } }));
});

test('brackets without end are a fault, not a crash', () => {
  expect(faultOf('('.repeat(100_000)).message).toBe('Brackets stand more than 50 deep here.');
  expect(faultOf('not '.repeat(100_000)).message).toBe('Brackets stand more than 50 deep here.');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admits, type ColumnValues } from '../../core/hunt/narrow.ts';
import { planQuery } from '../../core/hunt/plan.ts';
import { execRow } from './sample.ts';

const word = fc.constantFrom('get', 'create', 'Pods', 'a', 'ab', 'web-0', '10.0.0.1', '200', '403');
const pattern = fc.oneof(word, fc.constantFrom('*', 'a*', '*b', '?et', 'w*0', '"a b"', '10.0.0.0/8'));
const code = fc.constantFrom('200', '4xx', '>=400', '<300', '200..300', '*', '(200, 403)');
const time = fc.constantFrom('1970-01-01', '>1970-01-01T00:00:00.000005Z', '..1970-01-01T00:00:00.000003Z', '*');

const condition = fc.oneof(
  fc.tuple(fc.constantFrom('verb', 'ns', 'name', 'ip', 'group', 'user.username', 'objectRef.name'), pattern).map(join),
  fc.tuple(fc.constantFrom('requestObject.a', 'requestObject.a.b', 'flag', 'uri'), pattern).map(join),
  fc.tuple(fc.constant('code'), code).map(join),
  fc.tuple(fc.constant('time'), time).map(join),
  fc.constantFrom('id:1..3', 'id:2'),
  pattern.filter((text) => text !== '*'),
);

const { query } = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    fc
      .tuple(tie('query'), fc.constantFrom(' and ', ' or ', ' '), tie('query'))
      .map(([a, joint, b]) => `(${a}${joint}${b})`),
    tie('query').map((inner) => `not (${inner})`),
  ),
}));

const row: fc.Arbitrary<ColumnValues> = fc
  .record({
    id: fc.integer({ min: 1, max: 4 }),
    flags: fc.subarray(['a', 'ab']),
    verb: fc.option(word),
    namespace: fc.option(word),
    name: fc.option(word),
    user: fc.option(word),
    groups: fc.option(fc.array(word).map((list) => JSON.stringify(list))),
    sourceIPs: fc.option(fc.array(word).map((list) => JSON.stringify(list))),
    code: fc.option(fc.constantFrom(200, 201, 403, 500)),
    time: fc.option(fc.integer({ min: 0, max: 9 })),
  })
  .map((values) => ({ ...execRow, ...values }));

const event = fc.record(
  {
    requestURI: word,
    requestObject: fc.record(
      { a: fc.oneof(word, fc.array(word), fc.record({ b: word })), 'a.b': word },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

function join([field, value]: readonly [string, string]): string {
  return `${field}:${value}`;
}

test('columns never exclude an event that the test accepts, and decide alone where they say so', () => {
  fc.assert(
    fc.property(query, row, event, (text, values, parsed) => {
      const plan = planQuery(text);
      const isMatch = plan.test(parsed, values);
      const isAdmitted = admits(plan.narrow, values);

      expect(isAdmitted || !isMatch).toBe(true);
      if (plan.exact) expect(isAdmitted).toBe(isMatch);
    }),
    { numRuns: 3000 },
  );
});

test('a query is read or refused, whatever it holds', () => {
  const pieces = fc.constantFrom(
    'verb',
    ':',
    '(',
    ')',
    '"',
    'and',
    'or',
    'not',
    '*',
    ' ',
    ',',
    '..',
    '>',
    '\\',
    'code',
    '4',
    '\n',
  );

  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      try {
        planQuery(parts.join('')).test({}, execRow);
      } catch (error) {
        expect(error).toMatchObject({ name: 'CaseError', code: 'query/invalid', at: { column: expect.any(Number) } });
      }
    }),
    { numRuns: 2000 },
  );
});

test('many stars do not make a pattern slow', () => {
  const plan = planQuery(`name:${'*a'.repeat(50)}*b`);
  const start = performance.now();

  expect(plan.test({}, { ...execRow, name: 'a'.repeat(20_000) })).toBe(false);
  expect(performance.now() - start).toBeLessThan(1000);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, parseRules, readField, type SigmaRule } from '../../core/sigma/sigma.ts';
import { compile, ruleText } from './rule-text.ts';

const FIELDS = ['verb', 'o.r', 'code'];
const VALUES = ['get', 'LIST', '403', "'*'", "'g*'", "'?et'", '403.0', 'true', 'k'];
const EVENT_VALUES = ['get', 'GET', 'list', 'Kk', '\u212a', 403, '403', true, null, 1.5];
const MODIFIERS = ['', '|neq', '|contains', '|cased', '|startswith', '|exists'];

const comparison = fc
  .tuple(
    fc.constantFrom(...FIELDS),
    fc.constantFrom(...MODIFIERS),
    fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 3 }),
  )
  .map(([field, modifier, values]) => {
    if (modifier === '|exists') return `${field}|exists: true`;
    return `${field}${modifier}: ${values.length === 1 ? values[0] : `[${values.join(', ')}]`}`;
  });
const selection = fc.oneof(
  comparison.map((line) => `\n    ${line}`),
  fc.tuple(comparison, comparison).map(([a, b]) => `\n    ${a}\n    ${b.replace(/^[^|:]+/, 'verb')}`),
  fc.array(comparison, { minLength: 1, maxLength: 2 }).map((lines) => lines.map((line) => `\n    - ${line}`).join('')),
  fc.constant('\n    verb: null'),
);
const condition = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', 'c', '1 of them', 'all of them', '1 of a*'),
    tie('node').map((one) => `not (${one})`),
    fc
      .tuple(tie('node'), fc.constantFrom('and', 'or'), tie('node'))
      .map(([x, operator, y]) => `(${x} ${operator} ${y})`),
  ),
})).node;
const rules = fc
  .tuple(selection, selection, selection, condition)
  .map(([a, b, c, when]) =>
    ruleText(
      `a:${a.replace(/\n {4}/g, '\n  ')}\nb:${b.replace(/\n {4}/g, '\n  ')}\nc:${c.replace(/\n {4}/g, '\n  ')}\ncondition: ${when}`,
    ),
  )
  .map((text) => parseRules('rule.yml', text, {}).documents[0] as SigmaRule | undefined)
  .filter((rule) => rule !== undefined);

const scalar = fc.constantFrom<unknown>(...EVENT_VALUES);
const eventValue = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }));
const events = fc.record(
  { verb: eventValue, code: eventValue, o: fc.record({ r: eventValue }, { requiredKeys: [] }), 'o.r': eventValue },
  { requiredKeys: [] },
);

test('what requires() excludes never matches', () => {
  let excluded = 0;
  fc.assert(
    fc.property(rules, fc.array(events, { minLength: 1, maxLength: 5 }), (rule, given) => {
      for (const event of given) {
        for (const field of FIELDS) {
          const needed = rule.requires(field);
          if (!needed || readField(event, field).some((text) => needed.has(fold(text)))) continue;
          excluded++;
          expect(rule.matches(event)).toBe(false);
        }
      }
    }),
    { numRuns: 3000 },
  );
  expect(excluded).toBeGreaterThan(100);
});

test('a match always has its values, and its trace agrees', () => {
  fc.assert(
    fc.property(rules, events, (rule, event) => {
      expect(rule.trace(event).result).toBe(rule.matches(event));
      if (!rule.matches(event)) expect(rule.explain(event)).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test('and takes the smallest set, or joins sets, not and wildcards say nothing', () => {
  const rule = compile(
    'a:\n  verb: [get, LIST, watch]\n  code: 403\nb:\n  verb: delete\nc:\n  o.r: pods*\ncondition: (a or b) and not c',
  );

  expect([...(rule.requires('verb') ?? [])].sort()).toEqual(['delete', 'get', 'list', 'watch']);
  expect(rule.requires('code')).toBeNull();
  expect(rule.requires('o.r')).toBeNull();
  expect(compile('a:\n  verb: get\nb:\n  verb: [list, x]\ncondition: a and b').requires('verb')).toEqual(
    new Set(['get']),
  );
});

test('a rule of another log source matches nothing and says so', () => {
  const rule = compile('a:\n  verb: get\ncondition: a', { source: { product: 'windows' } });

  expect(rule.applies).toBe(false);
  expect(rule.matches({ verb: 'get' })).toBe(false);
  expect(rule.requires('verb')).toEqual(new Set());
});

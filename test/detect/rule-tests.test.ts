import { expect, test } from 'vitest';
import { type RuleTestRun, runRuleTests } from '../../core/detect/rule-tests.ts';

const RULE = `title: Gets
name: gets
logsource: {product: kubernetes}
detection:
  s:
    verb|expand: '%verbs%'
  f:
    user: root
  condition: s and not f
`;
const CORRELATION = `---
title: Many
correlation:
  type: event_count
  rules: [gets]
  timespan: 1m
  condition: {gte: 2}
`;

function run(tests: string, rule = RULE): RuleTestRun {
  const options = { source: { product: 'kubernetes' }, placeholders: { verbs: ['get'] } };
  return runRuleTests({
    rule: { path: 'r.yml', text: rule },
    tests: { path: 'r.test.yml', text: tests },
    options,
    others: [],
  });
}

const outcomes = ({ results }: RuleTestRun) => results.map(({ kind, name, ok, reason }) => [kind, name, ok, reason]);

test('a failure says which comparison it was and what the event had', () => {
  const tests = `match:
  - {name: fits, event: {verb: get}}
  - {name: other verb, event: {verb: list}}
  - {name: no verb, event: {user: a}}
  - {name: root, event: {verb: get, user: root}}
miss:
  - {name: fits not, events: [{verb: list}, {}]}
  - {name: fits, event: {verb: GET}}
`;

  expect(outcomes(run(tests))).toEqual([
    ['match', 'fits', true, ''],
    ['match', 'other verb', false, 'no match: line 6, `verb|expand: %verbs%` is false, the event has list'],
    ['match', 'no verb', false, 'no match: line 6, `verb|expand: %verbs%` is false, the event has no such field'],
    ['match', 'root', false, 'no match: line 8, `user: root` is true, the event has root'],
    ['miss', 'fits not', true, ''],
    ['miss', 'fits', false, '`Gets` matches: verb is GET'],
  ]);
});

test('correlations are tested by the number of their alerts, and lists may be brought along', () => {
  const event = (second: number) => `{verb: watch, requestReceivedTimestamp: "2026-03-04T10:00:0${second}Z"}`;
  const tests = `placeholders: {verbs: [watch]}
alert:
  - {name: two, events: [${event(0)}, ${event(1)}], alerts: 1}
  - {name: more, events: [${event(0)}, ${event(1)}], alerts: 2}
quiet:
  - {name: one, events: [${event(0)}]}
`;

  expect(outcomes(run(tests, RULE + CORRELATION))).toEqual([
    ['alert', 'two', true, ''],
    ['alert', 'more', false, '1 alerts instead of 2'],
    ['quiet', 'one', true, ''],
  ]);
});

test.each([
  ['macth: []', '`macth` is no kind of test'],
  ['match: []', 'The file holds no test'],
  ['match:\n  - name: x', '`match` number 1 needs'],
  ['match: [', 'This is not YAML'],
])('%s is an error, not a test that passes', (tests, message) => {
  const { results, problems } = run(tests);

  expect(results).toEqual([]);
  expect(problems.map((problem) => problem.message).join()).toContain(message);
});

test('a rule with an error is not run', () => {
  const { results, problems } = run('match:\n  - event: {}', RULE.replace('name: gets', 'level: severe'));

  expect(results).toEqual([]);
  expect(problems.map(({ path, line, code }) => [path, line, code])).toEqual([['r.yml', 2, 'rule/invalid-value']]);
});

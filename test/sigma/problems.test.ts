import { expect, test } from 'vitest';
import { linkRules, parseRules } from '../../core/sigma/sigma.ts';
import { errors, ruleText } from './rule-text.ts';

test('all problems of a rule are reported at once, in the order of the text', () => {
  const text = [
    'title: Test',
    'level: severe',
    'date: 2024-02-30',
    'tags: attack.t1609',
    'logsource: {}',
    'detection:',
    '  one:',
    '    verb|contians: x',
    "    name|re: 'ab(?=c)'",
    '    ip|cidr: 10.0.0.1/8',
    '  two: word',
    '  condition: one and tow',
  ].join('\n');

  const { problems } = parseRules('rule.yml', text, {});

  expect(problems.map(({ line, column, code, suggestion }) => [line, column, code, suggestion ?? ''])).toEqual([
    [2, 8, 'rule/invalid-value', ''],
    [3, 7, 'rule/invalid-value', ''],
    [4, 7, 'rule/invalid-value', '- attack.t1609'],
    [5, 1, 'rule/missing', ''],
    [8, 5, 'modifier/unknown', '`contains`'],
    [9, 17, 'regex/unsupported', 'Write it as a selection of its own and join it by `not` or `and`'],
    [10, 14, 'cidr/invalid', '10.0.0.0/8'],
    [11, 8, 'detection/invalid-item', "['word']"],
    [12, 22, 'condition/unknown-identifier', '`two`'],
  ]);
});

test('the place of a condition fault is exact where its text stands in one piece', () => {
  expect(errors('a:\n  x: 1\ncondition: a and (a or')).toEqual(['7:25 condition/syntax']);
  expect(errors("a:\n  x: 1\ncondition: 'a and b'")).toEqual(['7:21 condition/unknown-identifier']);
  expect(errors('a:\n  x: 1\ncondition: >-\n  a\n  and b')).toEqual(['7:14 condition/unknown-identifier']);
});

test.each([
  ['a:\n  x:\n    - 1\n    - {y: 2}\ncondition: a', ['8:9 detection/invalid-value']],
  ['a:\n  - [x]\ncondition: a', ['6:7 detection/invalid-item']],
  ['a:\n  - x\n  -\ncondition: a', ['5:3 detection/null-in-list']],
  ['a:\ncondition: a', ['5:3 detection/empty']],
  ['a: []\ncondition: a', ['5:3 detection/empty']],
  ['a:\n  - {}\ncondition: a', ['6:7 detection/empty']],
  ["a:\n  '|exists': true\ncondition: a", ['6:5 modifier/combination']],
  ['a:\n  x|: 1\ncondition: a', ['6:5 modifier/unknown']],
  ['a:\n  x|Contains: 1\ncondition: a', ['6:5 modifier/unknown']],
  ['a:\n  x|contains|startswith: 1\ncondition: a', ['6:5 modifier/combination']],
  ['a:\n  x|startswith|fieldref: y\ncondition: a', ['6:5 modifier/combination']],
  ['a:\n  x|re|contains: y\ncondition: a', ['6:5 modifier/combination']],
  ['a:\n  x|base64|windash: y\ncondition: a', ['6:5 modifier/combination']],
  ['a:\n  x|hour|minute: 3\ncondition: a', ['6:5 modifier/combination']],
  ['a:\n  x|gt|lt: 3\ncondition: a', ['6:5 modifier/combination']],
  ['a:\n  x|hour|gte|lte: 3\ncondition: a', ['6:5 modifier/combination']],
  ['a:\n  x|all:\n    - 1\ncondition: a', ['6:5 modifier/all-single']],
  ['a:\n  x|gt: "5"\ncondition: a', ['6:11 modifier/value']],
  ['a:\n  x|hour: 1.5\ncondition: a', ['6:13 modifier/value']],
  ['a:\n  x|windash: true\ncondition: a', ['6:16 modifier/value']],
  ['a:\n  x|fieldref: true\ncondition: a', ['6:17 modifier/value']],
  ['a:\n  x|base64offset|contains: a\ncondition: a', ['6:30 modifier/value']],
  ['a:\n  x: 1\ncondition: []', ['7:14 condition/syntax']],
  ['a:\n  x: 1\ncondition: NOT a', ['7:14 condition/syntax']],
  ['a:\n  x: 1\ncondition: not', ['7:17 condition/syntax']],
  ['a:\n  x: 1\ncondition: all of', ['7:14 condition/syntax']],
])('%j', (detection, expected) => {
  expect(errors(detection)).toEqual(expected);
});

test('a timeframe and a date with slashes are warnings', () => {
  const text = ruleText('a:\n  x: 1\ntimeframe: 5m\ncondition: a').replace(
    'title: Test',
    'title: Test\ndate: 2024/07/11',
  );
  const { documents, problems } = parseRules('rule.yml', text, {});

  expect(problems.map(({ severity, line, code }) => [severity, line, code])).toEqual([
    ['warning', 2, 'rule/invalid-value'],
    ['warning', 8, 'condition/aggregation'],
  ]);
  expect(documents[0]).toMatchObject({ date: '2024-07-11' });
});

const correlation = (body: string) => `title: C\nname: c\ncorrelation:\n${body.replace(/^/gm, '  ')}\n`;
const base = `---\nname: base\n${ruleText('a:\n  x: 1\ncondition: a')}`;

test.each([
  ['type: event_count\nrules: [base]\ntimespan: 0m\ncondition: {gte: 1}', ['6 correlation/timespan']],
  ['type: event_count\nrules: [base]\ntimespan: 1.5h\ncondition: {gte: 1}', ['6 correlation/timespan']],
  ['type: event_count\nrules: [base]\ntimespan: 1m\ncondition: {gte: many}', ['7 correlation/condition']],
  ['type: event_count\nrules: [base]\ntimespan: 1m\ncondition: {}', ['7 correlation/condition']],
  ['type: event_count\nrules: {a: b}\ntimespan: 1m\ncondition: {gte: 1}', ['5 correlation/invalid-value']],
  ['type: event_count\nrules: []\ntimespan: 1m\ncondition: {gte: 1}', ['5 correlation/invalid-value']],
  ['type: event_count\nrules: [base]\ntimespan: 1m\ncondition: {gte: 1}\ngenerate: 1', ['8 correlation/invalid-value']],
  ['type: temporal_ordered\nrules: [base, base]\ntimespan: 1m\ncondition: {gte: 1}', ['7 correlation/condition']],
  ['type: temporal\nrules: [base, c]\ntimespan: 1m', ['5 correlation/cycle']],
  ['rules: [bsae]', ['3 correlation/missing', '3 correlation/missing', '4 correlation/unknown-rule']],
])('%j', (body, expected) => {
  const { documents, problems } = parseRules('rule.yml', correlation(body) + base, {});
  const linked = linkRules(documents);
  const found = [...problems, ...linked.problems].filter(({ severity }) => severity === 'error');

  const without = expected.filter(
    (one) => !one.includes('unknown') || found.some(({ code }) => code.includes('unknown')),
  );
  expect(found.map(({ line, code }) => `${line} ${code}`)).toEqual(without);
});

test('correlations that refer to each other in a circle are all refused, those around it are not', () => {
  const one = (name: string, rules: string) =>
    `---\ntitle: C\nname: ${name}\ncorrelation:\n  type: temporal\n  rules: [${rules}]\n  timespan: 1m\n`;
  const text = `${one('a', 'b')}${one('b', 'c, base')}${one('c', 'a')}${one('d', 'base')}${base}`;

  const linked = linkRules(parseRules('rule.yml', text, {}).documents);

  expect(linked.problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
    '6 correlation/cycle',
    '13 correlation/cycle',
    '20 correlation/cycle',
  ]);
  expect(linked.correlations.map(({ name }) => name)).toEqual(['d']);
});

test('a name that two rules share is a warning', () => {
  const linked = linkRules(parseRules('rule.yml', base + base, {}).documents);

  expect(linked.problems.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'rule/invalid-value']]);
});

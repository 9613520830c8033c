import { expect, test } from 'vitest';
import { type DocumentKind, entryOf, linkRules, parseRules, toPlain } from '../../core/sigma/sigma.ts';
import { ruleText } from './rule-text.ts';

const baseline: DocumentKind = {
  attribute: 'baseline',
  read: ({ entry, report, metadata }) => {
    const type = entry.value.kind === 'map' ? entryOf(entry.value, 'type') : undefined;
    if (!type) report.error({ code: 'baseline/missing', at: entry.keyAt, message: 'A `type` is missing' });
    return { title: metadata.title, body: toPlain(entry.value) };
  },
};

test('a registered kind reads its documents and reports their problems in place', () => {
  const good = 'title: New\nid: b1\nlevel: low\nbaseline:\n  type: new_terms\n  learn: 7d\n';
  const bad = '---\ntitle: Bad\nbaseline:\n  learn: 7d\n';

  const { documents, problems } = parseRules('b.yml', good + bad, { kinds: [baseline] });

  expect(documents).toMatchObject([
    {
      kind: 'extension',
      attribute: 'baseline',
      key: 'b1',
      level: 'low',
      custom: {},
      value: { title: 'New', body: { type: 'new_terms', learn: '7d' } },
    },
  ]);
  expect(problems.map(({ line, code }) => [line, code])).toEqual([[9, 'baseline/missing']]);
  expect(linkRules(documents).extensions).toEqual(documents);
});

test('metadata keeps what Sigma does not define, the place and the text', () => {
  const text = `${ruleText('s:\n  a: 1\ncondition: s')}---\n# a comment\nnextSteps: [look]\ndefender: K8S_X\n${ruleText('s:\n  a: 2\ncondition: s')}`;

  const [, second] = parseRules('r.yml', text, {}).documents;

  expect(second).toMatchObject({
    key: 'r.yml#1',
    custom: { nextSteps: ['look'], defender: 'K8S_X' },
    line: 10,
    path: 'r.yml',
  });
  expect(second?.text.split('\n')[0]).toBe('nextSteps: [look]');
});

test('collections of Sigma 1: global until reset, repeat with changes', () => {
  const own = (verb: string) => `detection:\n  s:\n    verb: ${verb}\n  condition: s\n`;
  const text = [
    'action: global\ntitle: Shared\nlogsource: {product: a}\nlevel: low\n',
    own('get'),
    `action: repeat\nlevel: high\n${own('list')}`,
    'action: reset\n',
    `title: Alone\nlogsource: {product: b}\n${own('watch')}`,
  ].join('---\n');

  const { documents, problems } = parseRules('r.yml', text, {});

  expect(problems).toEqual([]);
  expect(documents.map(({ title, level, logsource }) => [title, level, logsource.product])).toEqual([
    ['Shared', 'low', 'a'],
    ['Shared', 'high', 'a'],
    ['Alone', null, 'b'],
  ]);
});

test('filters and correlations may stand in other files than their rules', () => {
  const rule = parseRules('rule.yml', `id: r1\n${ruleText('s:\n  verb: get\ncondition: s')}`, {}).documents;
  const filter = parseRules(
    'filter.yml',
    'title: F\nlogsource: {product: kubernetes}\nfilter:\n  rules: [r1]\n  s:\n    user: root\n  condition: not s\n',
    {},
  ).documents;
  const correlation = parseRules(
    'c.yml',
    'title: C\ncorrelation:\n  type: temporal\n  rules: [r1]\n  timespan: 1m\n',
    {},
  ).documents;

  const linked = linkRules([...correlation, ...filter, ...rule]);

  const [joined] = linked.rules;
  expect(linked.problems).toEqual([]);
  expect(joined?.filters.map(({ title }) => title)).toEqual(['F']);
  expect(joined?.matches({ verb: 'get', user: 'root' })).toBe(false);
  expect(joined?.unfiltered.matches({ verb: 'get', user: 'root' })).toBe(true);
  expect(linked.filters[0]?.suppresses({ user: 'root' })).toBe(true);
  expect(joined?.fieldNames()).toEqual(['user', 'verb']);
  expect([...linked.silent]).toEqual([joined]);
  expect([...linked.members.values()]).toEqual([[joined]]);
});

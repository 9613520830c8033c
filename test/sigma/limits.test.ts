import { expect, test } from 'vitest';
import { linkRules, parseRules, SIGMA_LIMITS } from '../../core/sigma/sigma.ts';
import { ruleText } from './rule-text.ts';

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');
const whole = (selection: string) => ruleText(`${selection}\ncondition: 1 of s*`);
const text = (length: number) => 'x y '.repeat(length / 4);

/** Hostile texts and the first code that each must end in; `fine` ends in none. */
const hostile: readonly [string, string, string][] = [
  ['5 MB of text', `a: ${text(5_000_000)}`, 'yaml/limit'],
  ['10,000 selections', whole(many(10_000, (index) => `s${index}:\n  verb: v${index}`)), 'yaml/limit'],
  ['4,000 selections', whole(many(4_000, (index) => `s${index}:\n  verb: v${index}`)), 'fine'],
  ['40,000 values', whole(`s:\n  verb:\n${many(40_000, (index) => `    - some value ${index}`)}`), 'fine'],
  ['brackets', whole(`s: ${'['.repeat(100_000)}`), 'yaml/limit'],
  ['maps in maps', whole(`s: ${'{a: '.repeat(1_000)}1${'}'.repeat(1_000)}`), 'yaml/limit'],
  ['lists in lists by dashes', '- '.repeat(200_000), 'yaml/limit'],
  [
    'a bomb of aliases',
    `a: &a [${'x,'.repeat(99)}x]\nb: &b [${'*a,'.repeat(99)}*a]\nc: &c [${'*b,'.repeat(99)}*b]\nd: [*c, *c]`,
    'yaml/limit',
  ],
  ['an alias of itself', whole('s: &x\n  a: *x'), 'yaml/syntax'],
  ['a number of a million digits', whole(`s:\n  a: ${'9'.repeat(900_000)}`), 'yaml/limit'],
  ['100,000 documents', '---\na: b\n'.repeat(100_000), 'yaml/limit'],
  [
    'brackets in a condition',
    ruleText(`s:\n  a: 1\ncondition: ${'('.repeat(10_000)}s${')'.repeat(10_000)}`),
    'condition/syntax',
  ],
  [
    'a condition of many patterns',
    ruleText(`${many(4_000, (index) => `s${index}:\n  a: 1`)}\ncondition: 1 of s*${' or 1 of s*'.repeat(4_000)}`),
    'yaml/limit',
  ],
  ['200 dashes in all combinations', whole(`s:\n  a|windash|base64: '${'-'.repeat(200)}'`), 'yaml/limit'],
  ['encodings of encodings', whole(`s:\n  a${'|base64'.repeat(60)}: abc`), 'yaml/limit'],
  ['offsets of offsets', whole(`s:\n  a${'|base64offset'.repeat(60)}: abcdef`), 'yaml/limit'],
  ['a long piece with question marks', whole(`s:\n  a: '*${'a'.repeat(2_000)}?b*'`), 'yaml/limit'],
  ['a long pattern', whole(`s:\n  a: '${'a*'.repeat(20_000)}'`), 'yaml/limit'],
  ['a long name', whole(`s:\n  ${'a.'.repeat(200)}b: 1`), 'yaml/limit'],
  ['nested groups', whole(`s:\n  a|re: '${'('.repeat(5_000)}a${')'.repeat(5_000)}'`), 'regex/invalid'],
  ['repeated repetitions', whole("s:\n  a|re: '((((a{1,30}){1,30}){1,1000})'"), 'regex/invalid'],
  [
    'a shared part of many rules',
    `action: global\n${whole(many(4_000, (index) => `s${index}:\n  a: 1`))}${'---\nid: x\n'.repeat(5_000)}`,
    'yaml/limit',
  ],
  ['quotes', '"'.repeat(1_000_000), 'yaml/syntax'],
  ['anchors', '&a '.repeat(300_000), 'yaml/syntax'],
  ['NUL', '\0'.repeat(1_000_000), 'yaml/not-a-map'],
  ['nothing', '', 'yaml/not-a-map'],
];

test.each(hostile)('%s', (_name, given, expected) => {
  const started = performance.now();

  const { documents, problems } = parseRules('rule.yml', given, {});

  expect(problems[0]?.code ?? 'fine').toBe(expected);
  expect(documents).toHaveLength(expected === 'fine' ? 1 : expected === 'yaml/limit' ? documents.length : 0);
  expect(performance.now() - started).toBeLessThan(60_000);
});

test('filters cannot multiply with rules', () => {
  const rules = many(1_000, () => `---\n${ruleText('s:\n  a: 1\ncondition: s')}`);
  const filters = many(
    1_000,
    () => '---\ntitle: F\nlogsource: {product: kubernetes}\nfilter:\n  rules: any\n  s:\n    b: 1\n  condition: not s',
  );
  const linked = linkRules(parseRules('rule.yml', `${rules}\n${filters}`, {}).documents);

  expect(linked.problems.map(({ code }) => code)).toEqual(['yaml/limit']);
});

test('problems are listed up to a number', () => {
  const { problems } = parseRules('rule.yml', whole(`s:\n${many(5_000, (index) => `  a${index}|no: 1`)}`), {});

  expect(problems).toHaveLength(SIGMA_LIMITS.problems);
});

test('a directive cannot bring YAML 1.1 back', () => {
  const { documents } = parseRules('rule.yml', `%YAML 1.1\n---\n${whole('s:\n  a: yes')}`, {});

  expect(documents[0]?.kind === 'rule' && documents[0].matches({ a: 'yes' })).toBe(true);
});

test('keys such as __proto__ are plain keys of a rule too', () => {
  const { documents } = parseRules('rule.yml', `__proto__: {polluted: true}\n${whole('s:\n  a: 1')}`, {});

  expect(Object.entries(documents[0]?.custom ?? {})).toEqual([['__proto__', { polluted: true }]]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

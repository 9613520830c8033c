import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkRules } from '../../core/host/rules.ts';
import { decklog } from '../cli/decklog.ts';
import { CONTEXT, caseOf, temporaryFolder } from './case.ts';

const rule = (detection: string) => `title: A rule from a stranger
id: 0f5a52b8-3a53-4b5c-9c61-0d8f1f0a7c11
logsource: {product: kubernetes, service: audit}
detection:
${detection.replace(/^/gm, '  ')}
level: low
`;
const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** Texts that must be refused, with the code of the refusal. */
const REFUSED: Readonly<Record<string, readonly [text: string, code: string]>> = {
  selections: [rule(`${many(10_000, (index) => `s${index}: {verb: v${index}}`)}\ncondition: 1 of s*`), 'yaml/limit'],
  'long-text': [`${rule('s: {verb: create}\ncondition: s')}# ${'x'.repeat(5 * 1024 * 1024)}\n`, 'yaml/limit'],
  bomb: [
    many(
      9,
      (index) =>
        `k${index}: &k${index} [${Array(9)
          .fill(index === 0 ? 'lol' : `*k${index - 1}`)
          .join(', ')}]`,
    ),
    'yaml/limit',
  ],
  lookahead: [rule("s:\n  user.username|re: '^(?!system:)'\ncondition: s"), 'regex/unsupported'],
  deep: [`a: ${'['.repeat(200_000)}`, 'yaml/limit'],
};

/** Catastrophic for a matcher that tries one way after the other. */
const CATASTROPHIC = ['^(a+)+$', '(a|a)*q$', '(.*a){20}b$', '(\\w+\\s?)+!$', `(${'a?'.repeat(200)})${'a{200}'}b`];

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Requests whose every text is long and nearly what the expressions look for. */
function hostileLog(): string {
  const path = join(temporaryFolder(), 'audit.log');
  const line = (index: number) =>
    JSON.stringify({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      auditID: `5e3f1b1c-0000-4000-8000-${String(index).padStart(12, '0')}`,
      stage: 'ResponseComplete',
      requestURI: `/api/v1/namespaces/shop/pods/web/exec?command=${'a'.repeat(20_000)}%21`,
      verb: 'get',
      user: { username: `${'a'.repeat(500)}#` },
      sourceIPs: ['10.0.0.4'],
      userAgent: `${'a '.repeat(10_000)}#`,
      objectRef: { resource: 'pods', namespace: 'shop', name: 'web', subresource: 'exec', apiVersion: 'v1' },
      responseStatus: { code: 101 },
      requestReceivedTimestamp: '2026-03-04T10:15:01.120431Z',
      stageTimestamp: '2026-03-04T10:15:01.131877Z',
    });
  writeFileSync(path, `${many(200, line)}\n`);
  return path;
}

test.each(Object.entries(REFUSED))('a rule of the kind %s is refused with its place', (name, [text, code]) => {
  const folder = folderOf({ [`${name}.yml`]: text });

  const { problems } = checkRules([folder]);

  expect(problems[0]).toMatchObject({ code, path: `${folder}/${name}.yml`, line: expect.any(Number) });
});

test('all of them together are refused within a small memory, each for itself', async () => {
  const folder = folderOf(Object.fromEntries(Object.entries(REFUSED).map(([name, [text]]) => [`${name}.yml`, text])));

  const ended = await decklog(['rules', 'check', folder, '--json'], undefined, {
    NODE_OPTIONS: '--max-old-space-size=256',
  });

  const problems = JSON.parse(ended.stdout) as { path: string; code: string }[];
  const codes = Object.entries(REFUSED).map(
    ([name]) => problems.find(({ path }) => path.endsWith(`/${name}.yml`))?.code,
  );
  expect([ended.code, codes]).toEqual([1, Object.values(REFUSED).map(([, code]) => code)]);
});

test('catastrophic expressions run over hostile texts in bounded time', async () => {
  const rules = CATASTROPHIC.flatMap((source) =>
    ['requestURI', 'userAgent', 'user.username'].map((field) => [source, field]),
  );
  const files = rules.map(([source, field], index) => [
    `r${index}.yml`,
    rule(`s:\n  ${field}|re: '${source}'\ncondition: s`).replace('0f5a52b8', `0f5a52${10 + index}`),
  ]);
  const session = await caseOf([hostileLog()]);
  const started = performance.now();

  const { coverage } = await session.detect({ shipped: false, paths: [folderOf(Object.fromEntries(files))] }, CONTEXT);

  expect(coverage.map(({ state }) => state)).toEqual(rules.map(() => 'clean'));
  expect(performance.now() - started).toBeLessThan(60_000);
});

test('a list that is no list, or a bomb, is told with its place instead of leaving rules blind', () => {
  const check = (text: string) => () => checkRules([folderOf({ 'lists/mine.yml': text })]);

  expect(check('values: {a: b}')).toThrow('It has no list of `values`');
  expect(check(`values: ${'['.repeat(100_000)}`)).toThrow(/lists\/mine\.yml:1:\d+: the list cannot be read/);
  expect(check(`values:\n${many(300_000, (index) => `  - v${index}`)}`)).toThrow('the list cannot be read');
});

test('a pipe is no file of rules', async () => {
  const ended = await decklog(['rules', 'check', '/dev/zero']);

  expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('/dev/zero cannot be read')]);
});

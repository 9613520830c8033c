import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decklog, document } from './decklog.ts';

const folder = mkdtempSync(join(tmpdir(), 'decklog-'));

function rule(condition: string): string {
  return `title: A rule
id: 6a7a1f6e-90ab-4b5e-8a0e-2f3f1f7b9a11
logsource:
  product: kubernetes
  service: audit
detection:
  selection:
    verb: create
  condition: ${condition}
level: low
`;
}

test('a sound rule is checked in silence, an unsound one with its place and exit 1', async () => {
  writeFileSync(join(folder, 'good.yml'), rule('selection'));
  writeFileSync(join(folder, 'bad.yml'), rule('selektion'));
  const [good, bad, json] = await Promise.all([
    decklog(['rules', 'check', 'good.yml'], folder),
    decklog(['rules', 'check', 'bad.yml'], folder),
    decklog(['rules', 'check', 'good.yml', 'bad.yml', '--json'], folder),
  ]);

  expect(good).toMatchObject({ code: 0, stdout: '1 rule: no problem.\n' });
  expect(bad).toMatchObject({ code: 1, stdout: expect.stringMatching(/^bad\.yml:9:\d+: error: .*selektion/) });
  expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
    1,
    [{ path: 'bad.yml', severity: 'error', code: 'condition/unknown-identifier', line: 9, column: expect.any(Number) }],
  ]);
});

test('a correlation may refer to a shipped rule', async () => {
  const correlation = `title: Many
id: 6a7a1f6e-90ab-4b5e-8a0e-2f3f1f7b9a12
correlation:
  type: event_count
  rules:
    - miner_image
  group-by:
    - user.username
  timespan: 1h
  condition:
    gte: 2
level: high
`;
  writeFileSync(join(folder, 'many.yml'), correlation);
  writeFileSync(join(folder, 'lost.yml'), correlation.replace('miner_image', 'no_such_rule'));
  const [known, lost] = await Promise.all([
    decklog(['rules', 'check', 'many.yml', '--json'], folder),
    decklog(['rules', 'check', 'lost.yml', '--json'], folder),
  ]);

  expect([known.code, JSON.parse(known.stdout)]).toEqual([0, []]);
  expect([lost.code, JSON.parse(lost.stdout)]).toMatchObject([1, [{ code: 'correlation/unknown-rule', line: 6 }]]);
});

test('listed rules say what a log must hold for them', async () => {
  const listed: { title: string; needs: unknown }[] = JSON.parse((await decklog(['rules', 'list', '--json'])).stdout);
  const needs = new Map(listed.map((entry) => [entry.title, entry.needs]));

  expect(needs.get('Token of a platform account issued')).toEqual({
    level: 'Metadata',
    resources: ['serviceaccounts/token'],
    stages: [],
    bodies: false,
    annotations: [],
  });
  expect(needs.get('Identity bound to cluster-admin')).toMatchObject({
    level: 'Request',
    bodies: true,
    resources: ['clusterrolebindings', 'rolebindings'],
  });
});

test('people see levels and needs as a table', async () => {
  const { stdout } = await decklog(['rules', 'list', '--needs']);

  expect(stdout).toMatch(
    /^medium +Token of a platform account issued +T1528 T1098 +level Metadata, serviceaccounts\/token$/m,
  );
});

test('rules that do not exist are a fault', async () => {
  const ended = await decklog(['rules', 'check', '/nowhere', '--json']);

  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(ended.stderr).fault.code).toBe('rule/unreadable');
});

test("rules' own tests are run; one that fails is told with the reason, exit 1", async () => {
  writeFileSync(join(folder, 'tested.yml'), rule('selection'));
  writeFileSync(
    join(folder, 'tested.test.yml'),
    'match:\n  - name: a creation\n    event: {verb: create}\nmiss:\n  - name: a slip\n    event: {verb: create}\n',
  );
  const [text, json] = await Promise.all([
    decklog(['rules', 'test', 'tested.yml'], folder),
    decklog(['rules', 'test', 'tested.yml', '--json'], folder),
  ]);

  expect(text).toMatchObject({ code: 1, stdout: expect.stringContaining('1 test of 1 rule passed, 1 failed.\n') });
  expect(text.stdout).toContain('tested.test.yml: miss "a slip": ');
  expect(JSON.parse(json.stdout)).toMatchObject({
    ok: false,
    results: [
      { kind: 'match', ok: true },
      { name: 'a slip', ok: false },
    ],
    untested: [],
  });
});

test('a rule is tried on loose events, blank lines aside', async () => {
  writeFileSync(join(folder, 'try.yml'), rule('selection'));
  writeFileSync(join(folder, 'events.jsonl'), '{"verb":"create"}\n\n{"verb":"get"}\n{"verb":"CREATE"}\n');
  writeFileSync(join(folder, 'broken.jsonl'), '{"verb":"create"}\n{"verb":\n');
  writeFileSync(join(folder, 'wrong.yml'), rule('selektion'));
  const [json, text, broken, wrong] = await Promise.all([
    decklog(['rules', 'try', 'try.yml', 'events.jsonl', '--json'], folder),
    decklog(['rules', 'try', 'try.yml', 'events.jsonl'], folder),
    decklog(['rules', 'try', 'try.yml', 'broken.jsonl', '--json'], folder),
    decklog(['rules', 'try', 'wrong.yml', 'events.jsonl', '--json'], folder),
  ]);

  expect(JSON.parse(json.stdout)).toEqual({ matches: [true, false, true] });
  expect(text.stdout).toBe('2 of 3 events match: 1, 3.\n');
  expect([broken.code, JSON.parse(broken.stderr).fault]).toMatchObject([2, { at: { path: 'broken.jsonl', line: 2 } }]);
  expect([wrong.code, wrong.stdout, JSON.parse(wrong.stderr).fault]).toMatchObject([
    1,
    '',
    { code: 'rule/invalid', problems: [{ code: 'condition/unknown-identifier', line: 9 }] },
  ]);
});

test('cases of conformance give a line each, refusals among them, and 0', async () => {
  const cases = [
    { id: 'a', rule: rule('selection'), events: [{ verb: 'create' }] },
    { id: 'b', rule: rule('selektion'), events: [] },
    { id: 'c', rule: '', ruleFile: '../../etc/passwd', events: [] },
  ];
  writeFileSync(join(folder, 'cases.jsonl'), cases.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const ended = await decklog(['rules', 'try', '--cases', 'cases.jsonl', '--sigmahq', '.', '--json'], folder);

  expect(ended.code).toBe(0);
  expect(
    ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { id: 'a', matches: [true] },
    { id: 'b', refuse: [{ code: 'condition/unknown-identifier', line: 9 }] },
    { id: 'c', skipped: true },
  ]);
});

test('--mapping reads rules of another style, and without it the check names the style', async () => {
  const [rule, events] = [join(folder, 'elsewhere.yml'), join(folder, 'events.jsonl')];
  writeFileSync(
    rule,
    `title: Secrets listed, as ECS names things
status: test
logsource: {product: kubernetes, service: audit_logs}
detection:
  selection: {kubernetes.audit.verb: list, kubernetes.audit.objectRef.resource: secrets}
  condition: selection
`,
  );
  writeFileSync(events, '{"verb":"list","objectRef":{"resource":"secrets"}}\n{"verb":"get"}\n');

  const tried = async (...more: string[]) => (await document(['rules', 'try', rule, events, ...more]))['matches'];
  const checked = await decklog(['rules', 'check', rule, '--mapping', 'ecs']);
  const plain = await decklog(['rules', 'check', rule]);

  expect([await tried('--mapping', 'ecs'), await tried()]).toEqual([
    [true, false],
    [false, false],
  ]);
  expect(checked.stdout).toBe('1 rule: no problem.\n');
  expect(plain.stdout).toContain('--mapping ecs');
});

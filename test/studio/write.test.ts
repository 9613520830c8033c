import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Diagnostic, TextEdit } from '../../core/contract/studio-calls.ts';
import { yamlContext } from '../../core/host/studio/yaml-context.ts';
import { SAMPLES, temporaryFolder } from '../host/case.ts';
import { studioOf } from './studio.ts';

const studio = await studioOf([join(SAMPLES, 'k8s-audit-jsonl.log'), join(SAMPLES, 'container--two-nodes.zip')]);
afterAll(() => studio.close());

const PATH = 'case/draft.yml';

const RULE = `title: Shell by a build account
id: 0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d11
status: experimental
tags:
  - attack.execution
logsource:
  product: kubernetes
  service: audit
detection:
  shell:
    objectRef.resource: pods
    verb: create
  filter_debug:
    objectRef.namespace: ci-sandbox
  condition: shell
level: high
`;

/** The text with a mark where the cursor stands taken out, and the place. */
function at(marked: string): { text: string; line: number; column: number } {
  const before = marked.slice(0, marked.indexOf('^'));
  return {
    text: marked.replace('^', ''),
    line: before.split('\n').length,
    column: before.length - before.lastIndexOf('\n'),
  };
}

const labels = async (marked: string) =>
  (await studio.call('studio/complete', at(marked))).items.map(({ label }) => label);

function applied(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  for (const { line, column, endColumn, text: inserted } of edits) {
    const whole = lines[line - 1] ?? '';
    lines[line - 1] = whole.slice(0, column - 1) + inserted + whole.slice(endColumn - 1);
  }
  return lines.join('\n');
}

const check = async (text: string) => (await studio.call('studio/check', { path: PATH, text })).diagnostics;
const mended = (text: string, diagnostic: Diagnostic | undefined) => applied(text, diagnostic?.fixes[0]?.edits ?? []);

test.each([
  ['ti^', { path: [], kind: 'key', typed: 'ti' }],
  ['detection:\n  shell:\n    objectRef.re^', { path: ['detection', 'shell'], kind: 'key', typed: 'objectRef.re' }],
  [
    'detection:\n  shell:\n    - objectRef.re: x\n      ve^',
    { path: ['detection', 'shell'], kind: 'key', typed: 've' },
  ],
  ['detection:\n  shell:\n    verb: cr^', { path: ['detection', 'shell', 'verb'], kind: 'value', typed: 'cr' }],
  [
    'detection:\n  shell:\n    verb:\n      - cr^',
    { path: ['detection', 'shell', 'verb'], kind: 'value', typed: 'cr' },
  ],
  ['detection:\n  shell:\n    verb: [get, cr^', { path: ['detection', 'shell', 'verb'], kind: 'value', typed: 'cr' }],
  [
    "detection:\n  s:\n    verb|contains: 'cr^'",
    { path: ['detection', 's', 'verb|contains'], kind: 'value', typed: 'cr' },
  ],
  ['detection:\n  s:\n    verb: get\n  condition: s^', { path: ['detection', 'condition'], kind: 'value', typed: 's' }],
  ['tags:\n- attack.^', { path: ['tags'], kind: 'value', typed: 'attack.' }],
  ['title: x\n---\nle^', { path: [], kind: 'key', typed: 'le', from: 3 }],
])('the place of the cursor in %j is known while the text is half written', (marked, expected) => {
  const { text, line, column } = at(marked);

  expect(yamlContext(text, line, column)).toMatchObject(expected);
});

describe('completion', () => {
  test('knows attributes, selections, fields, modifiers', async () => {
    expect(await labels('^')).toEqual(expect.arrayContaining(['title', 'correlation', 'rule']));
    expect(await labels(RULE.replace('condition: shell', 'condition: ^'))).toEqual(
      expect.arrayContaining(['shell', 'filter_debug', '1 of', 'and']),
    );
    expect(await labels('detection:\n  s:\n    obj^')).toEqual(
      expect.arrayContaining(['objectRef.resource', 'decklog.container', 'username']),
    );
    expect(await labels('detection:\n  s:\n    verb|con^')).toEqual(
      expect.arrayContaining(['contains', 'cidr', 'expand']),
    );
    expect(await labels('level: ^')).toEqual(['informational', 'low', 'medium', 'high', 'critical']);
  });

  test('offers values that occur in this case, with their counts, ready for YAML', async () => {
    const { items } = await studio.call('studio/complete', at('detection:\n  s:\n    verb: ^'));
    const users = await studio.call('studio/complete', at('detection:\n  s:\n    user.username: ^'));
    const images = await labels('detection:\n  s:\n    decklog.pod.images: ^');

    expect(items[0]).toMatchObject({ kind: 'value', detail: expect.stringMatching(/^\d+$/) });
    expect(items.map(({ label }) => label)).toContain('list');
    const account = users.items.find(({ label }) => label.startsWith('system:serviceaccount'));
    expect(account?.insert).toBe(`'${account?.label}'`);
    expect(images.length).toBeGreaterThan(0);
  });
});

describe('hover', () => {
  test.each([
    ['    objectRef.re^source: pods', 'objectRef.resource', 'In this case'],
    ['    decklog.cont^ainer: x', 'decklog.container', 'One text for each container'],
    ['    verb|start^swith: x', 'modifier startswith', 'begins with'],
    ['  - attack.t16^09', 'T1609', 'MITRE'],
    ['lev^el: high', 'level', 'Audit level|How much'],
  ])('%s is explained', async (marked, title, line) => {
    const hover = await studio.call('studio/hover', at(marked));

    expect([hover?.title, hover?.lines.join(' ')]).toEqual([title, expect.stringMatching(new RegExp(line))]);
  });

  test('says nothing of what it does not know', async () => {
    expect(await studio.call('studio/hover', at('    somet^hing: x'))).toBeNull();
  });
});

describe('diagnostics', () => {
  test('an unused selection is marked, and its fix mends it', async () => {
    const [found] = await check(RULE);

    expect(found).toMatchObject({ code: 'condition/unused-selection', severity: 'warning', line: 13, column: 3 });
    expect(mended(RULE, found)).toContain('condition: shell and not filter_debug');
    expect((await check(mended(RULE, found))).map(({ code }) => code)).toEqual(['value/never-seen']);
  });

  test.each([
    ['verb: create', 'verb: replace', 'value/no-verb', 'verb: update'],
    ['objectRef.resource: pods', 'objectRef.resourse: pods', 'field/unknown', 'objectRef.resource: pods'],
    ['verb: create', 'verb|contain: create', 'modifier/unknown', 'verb|contains: create'],
    ['attack.execution', 'attack.exection', 'tag/unknown', 'attack.execution'],
    ['condition: shell', 'condition: shel', 'condition/unknown-identifier', 'condition: shell'],
    ['objectRef.resource: pods', 'objectRef.resource: pod', 'value/never-seen', 'objectRef.resource: pods'],
  ])('%s written as %s is told and mended', async (right, wrong, code, better) => {
    const text = RULE.replace('condition: shell', 'condition: shell and not filter_debug').replace(right, wrong);
    const found = (await check(text)).find((diagnostic) => diagnostic.code === code);

    expect(found).toBeDefined();
    expect(mended(text, found)).toContain(better);
  });

  test('a value that rules write for one of another field is no value that nobody has', async () => {
    const text = RULE.replace('verb: create', "responseStatus.code: 'ALLOW'");
    const codes = (await check(text)).filter(({ message }) => message.includes('ALLOW')).map(({ code }) => code);

    expect(codes).toEqual([]);
    const wrong = await check(RULE.replace('verb: create', "responseStatus.code: 'ALOW'"));
    expect(wrong.map(({ code }) => code)).toContain('value/never-seen');
  });

  test('a missing id is offered, and the text is sound then', async () => {
    const text = RULE.replace(/^id: .*\n/m, '');
    const found = (await check(text)).find(({ code }) => code === 'rule/no-id');

    expect(found).toMatchObject({ severity: 'warning', line: 1 });
    expect(found?.fixes[0]?.edits[0]).toMatchObject({
      line: 2,
      column: 1,
      text: expect.stringMatching(/^id: [0-9a-f-]{36}\n$/),
    });
  });

  test('a field of a body that no event of the case has is told, with the level that would show it', async () => {
    const path = join(temporaryFolder(), 'levels.log');
    const event = (level: string, resource: string, more: object) =>
      JSON.stringify({
        ...{ kind: 'Event', apiVersion: 'audit.k8s.io/v1', level, stage: 'ResponseComplete', verb: 'create' },
        ...{ auditID: `0b7f4a52-6c1e-4d37-9a0e-${resource.padEnd(12, '0')}`, requestURI: `/api/v1/${resource}` },
        ...{ user: { username: 'ines' }, objectRef: { resource, apiVersion: 'v1' } },
        ...{ requestReceivedTimestamp: '2026-03-04T10:15:01.120431Z', stageTimestamp: '2026-03-04T10:15:01.131877Z' },
        ...more,
      });
    const lines = [event('Metadata', 'pods', {}), event('Request', 'services', { requestObject: { kind: 'Service' } })];
    writeFileSync(path, `${lines.join('\n')}\n`);
    const own = await studioOf([path]);
    const told = async (selection: string) => {
      const text = RULE.replace(/ {2}shell:[\s\S]*ci-sandbox\n/, `  shell: {${selection}}\n`);
      const { diagnostics } = await own.call('studio/check', { path: PATH, text });
      return diagnostics.filter(({ code }) => code === 'field/no-body');
    };
    const asked = 'requestObject.metadata.name|contains: x';

    expect(await told(`objectRef.resource: pods, ${asked}`)).toMatchObject([
      { line: 10, severity: 'hint', message: expect.stringMatching(/for pods: .*level Request\.$/) },
    ]);
    expect(await told(`objectRef.resource: services, ${asked}`)).toEqual([]);
    expect(await told(asked)).toEqual([]);
    expect(await told('responseObject.kind: Status')).toMatchObject([
      { message: expect.stringContaining('level RequestResponse') },
    ]);
    expect(await told('verb: create')).toEqual([]);
    await own.close();
  });

  test('every case of the suite that must be refused is marked on the right line', async () => {
    const lines = readFileSync(new URL('../fixtures/sigma/cases.jsonl', import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean);
    const refused = lines
      .map(
        (line) =>
          JSON.parse(line) as {
            id: string;
            rule: string;
            placeholders?: object;
            expect: { refuse?: { code: string; line: number; also?: string[] } };
          },
      )
      .filter(({ expect: { refuse } }) => refuse !== undefined);
    const wrong: string[] = [];
    for (const { id, rule, expect: expected } of refused) {
      const codes = [expected.refuse?.code, ...(expected.refuse?.also ?? [])];
      const found = await check(rule);
      const isMarked = found.some(
        // Of what is too much any line will do: ours names the one that is.
        ({ severity, code, line }) =>
          severity === 'error' && codes.includes(code) && (line === expected.refuse?.line || code === 'yaml/limit'),
      );
      if (!isMarked) wrong.push(id);
    }

    expect(wrong).toEqual([]);
    expect(refused.length).toBeGreaterThan(70);
  });

  test('the outline names selections and conditions, and needs are told', async () => {
    const { outline, needs } = await studio.call('studio/check', { path: PATH, text: RULE });

    expect(outline).toMatchObject([
      {
        kind: 'rule',
        line: 1,
        children: [
          { name: 'shell', line: 10 },
          { name: 'filter_debug' },
          { name: 'condition', kind: 'condition', line: 15 },
        ],
      },
    ]);
    expect(needs).toMatchObject({ level: 'Metadata', resources: ['pods'] });
  });
});

import { expect, test } from 'vitest';
import { compile } from './rule-text.ts';

const event = {
  verb: 'create',
  user: { username: 'Alice', groups: ['dev', 'ops'] },
  requestObject: { spec: { containers: [{ image: 'nginx' }, { image: 'miner:1' }] } },
  annotations: { 'a.b/c': 'allow' },
};

test('a match is explained by paths and values in the order of the rule, each once', () => {
  const rule = compile(
    [
      's:',
      '  requestObject.spec.containers.image|contains: miner',
      '  user.groups: [ops, admin]',
      '  verb|neq: delete',
      '  annotations.a.b/c|exists: true',
      'again:',
      '  user.groups: ops',
      'words: [alice]',
      'f:',
      '  verb: delete',
      'condition: s and again and 1 of words and not f',
    ].join('\n'),
  );

  expect(rule.explain(event)).toEqual([
    { field: 'requestObject.spec.containers.image', value: 'miner:1' },
    { field: 'user.groups', value: 'ops' },
    { field: 'verb', value: 'create' },
    { field: 'annotations.a.b/c', value: 'allow' },
    { field: 'user.username', value: 'Alice' },
  ]);
  expect(rule.explain({})).toEqual([]);
});

test('a trace says for each comparison what it saw', () => {
  const rule = compile('s:\n  verb: [get, list]\n  x.y: 1\nf:\n  user.groups: dev\ncondition: s and not f');

  expect(rule.trace(event)).toMatchObject({
    kind: 'all',
    result: false,
    parts: [
      {
        kind: 'selection',
        label: 's',
        result: false,
        line: 5,
        parts: [
          {
            kind: 'all',
            parts: [
              { kind: 'comparison', label: 'verb: get, list', line: 6, result: false, actual: ['create'] },
              { kind: 'comparison', label: 'x.y: 1', line: 7, result: false, actual: [] },
            ],
          },
        ],
      },
      { kind: 'not', result: false, parts: [{ kind: 'selection', label: 'f', result: true }] },
    ],
  });
});

test('aliases add paths, values and computed fields; the field of that very name counts too', () => {
  const options = {
    aliases: {
      fields: { group: ['user.groups', 'other'] },
      values: [{ field: 'code', value: 'ALLOW', becomes: { field: 'annotations.a.b/c', value: 'allow' } }],
    },
    resolver: {
      resolve: (name: string) =>
        name === 'up' ? { derive: (e: unknown) => [(e as typeof event).verb?.toUpperCase()] } : null,
    },
  };
  const rule = compile('s:\n  group: ops\n  code: allow\n  up|cased: CREATE\ncondition: s', options);

  expect(rule.explain(event)).toEqual([
    { field: 'user.groups', value: 'ops' },
    { field: 'annotations.a.b/c', value: 'allow' },
    { field: 'up', value: 'CREATE' },
  ]);
  expect(compile('s:\n  group: x\ncondition: s', options).matches({ group: 'x' })).toBe(true);
  expect(compile('s:\n  group: null\ncondition: s', options).matches({ other: 1 })).toBe(false);
  expect(compile('s:\n  code: forbid\ncondition: s', options).matches(event)).toBe(false);
  expect(rule.fieldNames()).toEqual(['code', 'group', 'up']);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCase, runCase } from '../../core/detect/try-rule.ts';
import { FIELD_ALIASES, VALUE_ALIASES } from '../../core/event/aliases.ts';
import { CaseError } from '../../core/fault.ts';

const RULE = [
  'title: Test',
  'logsource: {product: kubernetes, service: audit}',
  'detection:',
  '  s:',
  '    apiGroup: apps',
  '    responseStatus.code: ALLOW',
  '  condition: s',
].join('\n');

const line = (more: object) =>
  JSON.stringify({
    id: 'x',
    rule: '',
    events: [{ objectRef: { apiGroup: 'apps' }, annotations: { 'authorization.k8s.io/decision': 'allow' } }],
    ...more,
  });

test('a case about a file of the collection runs with the aliases, any other without', () => {
  const asked: string[] = [];
  const read = (path: string) => {
    asked.push(path);
    return RULE;
  };

  expect(runCase(parseCase(line({ ruleFile: 'rules/a.yml' }), 1), read)).toEqual({ id: 'x', matches: [true] });
  expect(runCase(parseCase(line({ ruleFile: 'rules/a.yml', rule: RULE }), 1), () => null)).toEqual({
    id: 'x',
    matches: [true],
  });
  expect(runCase(parseCase(line({ rule: RULE }), 1), read)).toEqual({ id: 'x', matches: [false] });
  expect(asked).toEqual(['rules/a.yml']);
});

test('a case whose file is not there is skipped', () => {
  expect(runCase(parseCase(line({ ruleFile: 'rules/a.yml' }), 1), () => null)).toEqual({ id: 'x', skipped: true });
});

test('integers of a case stay exact', () => {
  const text = `{"id":"x","events":[{"n":9007199254740993},{"n":9007199254740992}],"rule":${JSON.stringify(
    RULE.replace('apiGroup: apps', 'n: 9007199254740993').replace(/.*ALLOW\n/, ''),
  )}}`;

  expect(runCase(parseCase(text, 1), () => null)).toEqual({ id: 'x', matches: [true, false] });
});

test.each(['{', '[]', '{"id":1,"events":[]}', '{"id":"x"}'])('the line %s is refused with its number', (text) => {
  expect(() => parseCase(text, 7)).toThrow(CaseError);
  expect(() => parseCase(text, 7)).toThrow('Line 7');
});

test('the aliases are those that the conformance cases were made with', () => {
  const file = new URL('../fixtures/sigma/aliases.json', import.meta.url);
  const { fields, values } = JSON.parse(readFileSync(file, 'utf8')) as { fields: object; values: object };

  expect({ fields: FIELD_ALIASES, values: VALUE_ALIASES }).toEqual({ fields, values });
});

import { expect, test } from 'vitest';
import type { RuleLine } from '../../core/contract/rule-calls.ts';
import { freePath, ruleHolds, rulesByTactic } from '../../renderer/views/rules/rule-list.ts';

const line = (title: string, level: RuleLine['level'], tactics: readonly string[]): RuleLine => ({
  ...{ id: title, title, path: `rules/${title}.yml`, origin: 'shipped', kind: 'rule', level, isOff: false },
  ...{ attack: ['T1611'], tactics, defender: 'K8S_MaliciousContainerExec', alerts: 0, open: 0 },
  ...{ state: 'clean', reason: '', cost: null },
});

test('rules stand under the first of their tactics in the order of the matrix, the gravest first', () => {
  const rules = [
    line('d', 'low', ['impact', 'execution']),
    line('c', 'critical', ['execution']),
    line('b', 'low', ['execution']),
    line('a', 'low', []),
    line('e', 'high', ['of-my-own']),
    line('f', 'high', ['reconnaissance']),
  ];
  const told = rulesByTactic(rules).map(({ title, rules: those }) => [title, those.map((rule) => rule.title).join('')]);
  expect(told).toEqual([
    ['Reconnaissance', 'f'],
    ['Execution', 'cbd'],
    ['Without a tactic', 'ea'],
  ]);
});

test('a rule is found by title, id, path, technique, tactic and the name that Defender gives it', () => {
  const rule = line('Shell', 'low', ['execution']);
  for (const text of ['SHELL', 'rules/shell', 't1611', 'escape to host', 'execu', 'k8s_malicious', ''])
    expect(ruleHolds(rule, text), text).toBe(true);
  expect(ruleHolds(rule, 'secret')).toBe(false);
});

test('a new rule gets the first name that is free', () => {
  expect(freePath([])).toBe('case/rule-1.yml');
  expect(freePath([{ path: 'case/rule-1.yml' }, { path: 'case/rule-3.yml' }])).toBe('case/rule-2.yml');
});

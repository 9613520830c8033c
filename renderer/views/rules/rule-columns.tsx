import { type ReactNode, useMemo } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import { techniqueTitle } from '../../../core/contract/attack-names.ts';
import type { RuleLine, RuleTestCount } from '../../../core/contract/rule-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import type { GridColumn } from '../../grid/grid.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { count } from '../../words/number.ts';

const FIRST_COLUMNS: readonly GridColumn<RuleLine>[] = [
  { id: 'level', head: '', width: 40, align: 'center', cell: (rule) => <SeverityMark level={rule.level} /> },
  {
    id: 'title',
    head: 'Rule',
    width: 260,
    isFlexible: true,
    cell: (rule) => <EvidenceText>{rule.title}</EvidenceText>,
    text: (rule) => visibleText(rule.title),
  },
  {
    id: 'state',
    head: 'State',
    width: 70,
    cell: (rule) =>
      rule.isOff ? (
        <span className="state state-not-run">off</span>
      ) : (
        <span className={`state state-${rule.state.replace(' ', '-')}`}>{rule.state}</span>
      ),
    text: (rule) => rule.reason,
  },
  {
    id: 'reason',
    head: 'Why',
    width: 220,
    isSecond: true,
    className: 't2',
    cell: (rule) => <EvidenceText>{rule.state === 'fired' && !rule.isOff ? '' : rule.reason}</EvidenceText>,
    text: (rule) => visibleText(rule.reason),
  },
  {
    id: 'alerts',
    head: 'Alerts',
    width: 58,
    align: 'right',
    cell: (rule) => (rule.alerts === 0 ? <span className="t3">0</span> : count(rule.alerts)),
  },
  {
    id: 'open',
    head: 'Open',
    width: 52,
    align: 'right',
    isSecond: true,
    cell: (rule) => (rule.open === 0 ? <span className="t3">0</span> : count(rule.open)),
  },
];

const LAST_COLUMNS: readonly GridColumn<RuleLine>[] = [
  {
    id: 'cost',
    head: 'Cost',
    width: 92,
    align: 'right',
    className: 't2 tn',
    isSecond: true,
    cell: (rule) => (rule.cost === null ? '' : `${rule.cost.msPerMillionEvents.toFixed(1)} ms/M`),
    text: (rule) =>
      rule.cost === null
        ? 'not measured in this case'
        : `${count(rule.cost.seen)} events looked at, ${count(rule.cost.matched)} matched`,
  },
  {
    id: 'attack',
    head: 'ATT&CK',
    width: 150,
    className: 't2',
    isSecond: true,
    cell: (rule) => rule.attack.join(', '),
    text: (rule) => rule.attack.map(techniqueTitle).join('; '),
  },
  {
    id: 'tactics',
    head: 'Tactics',
    width: 170,
    isExtra: true,
    className: 't2',
    cell: (rule) => rule.tactics.join(', '),
    text: (rule) => rule.tactics.join(', '),
  },
  {
    id: 'kind',
    head: 'Kind',
    width: 86,
    className: 't2',
    isSecond: true,
    cell: (rule) => (rule.origin === 'own' ? `own ${rule.kind}` : rule.kind),
  },
  {
    id: 'path',
    head: 'File',
    width: 260,
    isExtra: true,
    className: 'mono t2',
    cell: (rule) => <EvidenceText>{rule.path}</EvidenceText>,
    text: (rule) => visibleText(rule.path),
  },
];

/** Columns of the list of rules; those of the tests wait for them, nothing else does. */
export function useRuleColumns(): readonly GridColumn<RuleLine>[] {
  const tests = useCall('rules/tests', {}, { keeps: true }).data;
  return useMemo(() => {
    const byRule = tests === undefined ? null : new Map(tests.map((count) => [count.rule, count]));
    return [...FIRST_COLUMNS, testColumn(byRule), ...LAST_COLUMNS];
  }, [tests]);
}

function testColumn(byRule: ReadonlyMap<string, RuleTestCount> | null): GridColumn<RuleLine> {
  return {
    id: 'tests',
    head: 'Tests',
    width: 64,
    align: 'right',
    cell: ({ id }) => (byRule === null ? <span className="t3">…</span> : <TestCell tests={byRule.get(id)} />),
  };
}

function TestCell({ tests }: { readonly tests: RuleTestCount | undefined }): ReactNode {
  if (tests === undefined) return <span className="t3">none</span>;
  return tests.failed > 0 ? (
    <span className="fault">{tests.failed} fail</span>
  ) : (
    <span className="ok">✓ {tests.passed}</span>
  );
}

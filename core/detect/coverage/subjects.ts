import type { CorrelationMember } from '../../sigma/sigma.ts';
import type { Finding } from '../../store/findings.ts';
import type { LearningState } from '../baseline/finish-baselines.ts';
import type { LinkedBaseline } from '../baseline/link-baselines.ts';
import { type Pack, type PackRule, packBaselines, packCorrelations, packRules } from '../pack.ts';
import type { CoverageSubject, Sight } from './coverage.ts';

/** All of a pack that raises alerts, with what it looks at and how many alerts it has raised; `states` of its baselines in their order. */
export function coverageSubjects(
  pack: Pack,
  findings: readonly Finding[],
  states: readonly LearningState[],
): CoverageSubject[] {
  const alerts = new Map<string, number>();
  for (const { rule } of findings) alerts.set(rule.id, (alerts.get(rule.id) ?? 0) + 1);
  const members: readonly CorrelationMember[] = [...pack.rules, ...pack.linked.correlations];
  const facts = [...packRules(pack), ...packCorrelations(pack)];
  const emptyLists = new Map(members.map((member, index) => [member, (facts[index] as PackRule).emptyLists]));
  const learning = packBaselines(pack).map(({ facts: { id, title, level } }, index): CoverageSubject => {
    const { rules } = pack.baselines[index] as LinkedBaseline;
    const parts = rules.map((rule) => sightOf(rule, pack.linked, emptyLists));
    const sight: Sight = { kind: 'joined', parts, needsAll: false };
    return { id, title, level, alerts: alerts.get(id) ?? 0, sight, learning: states[index] ?? null };
  });
  const matching = facts.flatMap(({ facts: { id, title, level }, raises }, index) => {
    const sight = sightOf(members[index] as CorrelationMember, pack.linked, emptyLists);
    return raises ? [{ id, title, level, alerts: alerts.get(id) ?? 0, sight, learning: null }] : [];
  });
  return [...matching, ...learning];
}

type EmptyLists = ReadonlyMap<CorrelationMember, readonly string[]>;

/** In order or not, a correlation in time needs all its rules; the others count whatever of them is met. */
export function sightOf(member: CorrelationMember, linked: Pack['linked'], emptyLists: EmptyLists): Sight {
  if (member.kind === 'rule') return { kind: 'rule', rule: member, emptyLists: emptyLists.get(member) ?? [] };
  const members = linked.members.get(member) ?? [];
  const parts = members.map((one) => sightOf(one, linked, emptyLists));
  return { kind: 'joined', parts, needsAll: member.type.startsWith('temporal') };
}

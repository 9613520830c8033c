import type { Problem } from '../../contract/fault.ts';
import type { LinkedRules, SigmaExtension, SigmaRule } from '../../sigma/sigma.ts';
import type { Baseline } from './baseline.ts';
import { columnsOf } from './column-fields.ts';

/** A baseline with its rules looked up. */
export interface LinkedBaseline {
  readonly document: SigmaExtension;
  readonly baseline: Baseline;
  readonly rules: readonly SigmaRule[];
  /** Whether the narrow columns say all that it asks for, so that no event has to be read for it. */
  readonly isColumnar: boolean;
}

export interface LinkedBaselines {
  readonly baselines: readonly LinkedBaseline[];
  readonly problems: readonly Problem[];
  /** Rules that raise nothing of their own, because a baseline looks at them. */
  readonly silent: ReadonlySet<SigmaRule>;
  /** Rules that no event has to be matched against: only baselines over columns look at them. */
  readonly unmatched: ReadonlySet<SigmaRule>;
}

/** Looks up the rules of all baselines. Those with an unknown rule are left out. */
export function linkBaselines(linked: LinkedRules): LinkedBaselines {
  const problems: Problem[] = [];
  const baselines = linked.extensions.flatMap((document) => {
    const baseline = document.attribute === 'baseline' ? (document.value as Baseline | null) : null;
    const rules = baseline === null ? [] : findRules(document, baseline, linked, problems);
    if (baseline === null || rules.length < baseline.rules.length) return [];
    return [{ document, baseline, rules, isColumnar: isColumnar(baseline, rules) }];
  });
  const quiet = baselines.filter(({ baseline }) => !baseline.generate);
  const silent = new Set(quiet.flatMap(({ rules }) => rules));
  const inCorrelations = new Set([...linked.members.values()].flat());
  const byEvent = new Set(baselines.filter((one) => !one.isColumnar).flatMap(({ rules }) => rules));
  const loud = new Set(baselines.filter(({ baseline }) => baseline.generate).flatMap(({ rules }) => rules));
  for (const rule of loud) silent.delete(rule);
  const unmatched = [...silent].filter((rule) => !inCorrelations.has(rule) && !byEvent.has(rule));
  return { baselines, problems, silent, unmatched: new Set(unmatched) };
}

function findRules(
  { path }: SigmaExtension,
  { rules }: Baseline,
  linked: LinkedRules,
  problems: Problem[],
): SigmaRule[] {
  return rules.flatMap(({ text, line, column }) => {
    const found = linked.find(text);
    if (found?.kind === 'rule') return [found];
    const message =
      found === undefined ? `There is no rule \`${text}\`` : `\`${text}\` is a correlation: a baseline looks at rules`;
    problems.push({ path, severity: 'error', code: 'baseline/unknown-rule', message, line, column });
    return [];
  });
}

/** Fields that a baseline and its rules ask for. */
export function fieldsOf(baseline: Baseline): string[] {
  return [...baseline.groupBy, ...baseline.fields, ...(baseline.peers === null ? [] : [baseline.peers])];
}

function isColumnar(baseline: Baseline, rules: readonly SigmaRule[]): boolean {
  return columnsOf([...fieldsOf(baseline), ...rules.flatMap((rule) => rule.fieldNames())]) !== null;
}

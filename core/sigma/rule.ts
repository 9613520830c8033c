import { buildCondition, readConditions, type WrittenCondition } from './condition.ts';
import { all, any, type Expression, trace } from './expression.ts';
import type { NameSink } from './item.ts';
import { SIGMA_LIMITS } from './limits.ts';
import { liesWithin, requireLogsource } from './metadata.ts';
import type { Match, Metadata, SigmaFilter, SigmaRule } from './model.ts';
import { comparisonsOf, remainderOf } from './residual.ts';
import type { Scope } from './scope.ts';
import { readSelection } from './selection.ts';
import { entryOf, isNull, type MapEntry, type MapNode, placeOf } from './yaml-node.ts';

/** Reads a detection rule. What is wrong has been reported; then the rule is not to be used. */
export function readRule(metadata: Metadata, map: MapNode, scope: Scope): SigmaRule {
  requireLogsource(map, metadata.logsource, scope);
  const names: NameSink = new Set();
  const expression = readDetection(map, names, scope);
  const { source, furtherSources = [] } = scope.options;
  const applies =
    source === undefined || [source, ...furtherSources].some((one) => liesWithin(one, metadata.logsource));
  return makeRule(metadata, { expression, applies, names: [...names].sort() });
}

function readDetection(map: MapNode, names: NameSink, scope: Scope): Expression {
  const place = { label: 'detection', line: scope.report.place(map.at).line };
  const entry = entryOf(map, 'detection');
  if (!entry) scope.report.error({ code: 'rule/missing', at: map.at, message: 'A `detection` is missing' });
  else if (isNull(entry.value)) {
    scope.report.error({ code: 'detection/empty', at: entry.keyAt, message: '`detection` is empty' });
  } else if (entry.value.kind !== 'map') {
    const message = '`detection` must be a map of selections and a condition';
    scope.report.error({ code: 'rule/invalid-value', at: placeOf(entry), message });
  } else return readBody(entry, entry.value, names, scope) ?? any([], place);
  return any([], place);
}

function readBody(entry: MapEntry, map: MapNode, names: NameSink, scope: Scope): Expression | null {
  const selections = readSelections(map, ['condition', 'timeframe'], entry.keyAt, names, scope);
  const condition = entryOf(map, 'condition');
  const timeframe = entryOf(map, 'timeframe');
  if (timeframe) {
    const message = '`timeframe` belonged to the old aggregation and has no effect';
    const suggestion = 'A document with `correlation` and a `timespan`';
    scope.report.warning({ code: 'condition/aggregation', at: timeframe.keyAt, message, suggestion });
  }
  if (!condition) {
    scope.report.error({ code: 'rule/missing', at: entry.keyAt, message: 'A `condition` is missing' });
    return null;
  }
  const written = readConditions(condition, scope);
  return written && selections.size > 0 ? joinConditions(written, selections, scope) : null;
}

/** Reads all selections of a detection or a filter, by name. */
export function readSelections(
  map: MapNode,
  others: readonly string[],
  keyAt: number,
  names: NameSink,
  scope: Scope,
): Map<string, Expression> {
  const entries = map.entries.filter(({ key }) => !others.includes(key));
  if (entries.length === 0) {
    scope.report.error({ code: 'detection/empty', at: keyAt, message: 'There is no selection: nothing to look for' });
  }
  if (entries.length > SIGMA_LIMITS.selections) {
    const message = `A rule has at most ${SIGMA_LIMITS.selections} selections, and this has ${entries.length}`;
    scope.report.error({ code: 'yaml/limit', at: keyAt, message });
    return new Map();
  }
  return new Map(entries.map((entry) => [entry.key, readSelection(entry, names, scope)]));
}

/** Several conditions are joined by or (Sigma rules, section Condition). */
function joinConditions(
  written: readonly WrittenCondition[],
  selections: ReadonlyMap<string, Expression>,
  scope: Scope,
): Expression {
  const parts = written.map((one) => buildCondition(one, selections, scope));
  const line = scope.report.place(written[0]?.at ?? 0).line;
  return parts.length === 1 ? (parts[0] as Expression) : any(parts, { label: 'or', line });
}

interface RuleParts {
  readonly expression: Expression;
  readonly applies: boolean;
  readonly names: readonly string[];
}

const partsOf = new WeakMap<SigmaRule, RuleParts>();

function makeRule(
  metadata: Metadata,
  parts: RuleParts,
  filters: readonly FilterParts[] = [],
  unfiltered?: SigmaRule,
): SigmaRule {
  const { expression, applies, names } = parts;
  const never = new Set<string>();
  const rule: SigmaRule = {
    ...metadata,
    kind: 'rule',
    applies,
    filters: filters.map(({ filter }) => filter),
    get unfiltered() {
      return unfiltered ?? rule;
    },
    matches: applies ? expression.test : () => false,
    residual: (know) => applies && remainderOf(expression, know),
    comparisons: () => comparisonsOf(expression),
    explain: (event) => (applies && expression.test(event) ? explain(expression, event) : []),
    trace: (event) => trace(expression, event),
    requires: (path) => (applies ? expression.requires(path) : never),
    fieldNames: () => names,
  };
  partsOf.set(rule, parts);
  return rule;
}

/** What a rule with its filters asks of an event, part by part; null for one that does not apply. */
export function expressionOf(rule: SigmaRule): Expression | null {
  const parts = partsOf.get(rule);
  return parts?.applies ? parts.expression : null;
}

/** Each value once, in the order of the rule. */
function explain(expression: Expression, event: unknown): Match[] {
  const found: Match[] = [];
  expression.collect(event, found);
  const seen = new Map<string, Set<unknown>>();
  return found.filter(({ field, value }) => {
    const values = seen.get(field) ?? new Set();
    seen.set(field, values);
    return !values.has(value) && values.add(value);
  });
}

/** A filter and what it lets pass. */
export interface FilterParts {
  readonly filter: SigmaFilter;
  readonly passes: Expression;
  readonly names: readonly string[];
}

/** The rule with filters joined to its condition by and (Sigma filters, section Introduction). */
export function withFilters(rule: SigmaRule, filters: readonly FilterParts[]): SigmaRule {
  const base = partsOf.get(rule.unfiltered);
  if (filters.length === 0 || !base) return rule;
  const passes = filters.map((filter) => filter.passes);
  const expression = all([base.expression, ...passes], { label: 'and', line: rule.line });
  const names = [...new Set([...base.names, ...filters.flatMap((filter) => filter.names)])].sort();
  return makeRule(rule, { ...base, expression, names }, filters, rule.unfiltered);
}

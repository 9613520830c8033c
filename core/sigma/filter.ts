import { buildCondition, readConditions } from './condition.ts';
import type { Condition } from './condition-syntax.ts';
import { type Expression, not } from './expression.ts';
import type { NameSink } from './item.ts';
import { liesWithin, requireLogsource } from './metadata.ts';
import type { Metadata, SigmaFilter, SigmaRule } from './model.ts';
import { type FilterParts, readSelections } from './rule.ts';
import type { Scope } from './scope.ts';
import { entryOf, isNull, type MapEntry, type MapNode, placeOf } from './yaml-node.ts';

const partsOf = new WeakMap<SigmaFilter, FilterParts>();

/** Reads a filter (Sigma filters). */
export function readFilter(metadata: Metadata, map: MapNode, entry: MapEntry, scope: Scope): SigmaFilter {
  requireLogsource(map, metadata.logsource, scope);
  const names: NameSink = new Set();
  const passes = readBody(entry, names, scope);
  const rules = entry.value.kind === 'map' ? readRules(entry, entry.value, scope) : [];
  const filter: SigmaFilter = {
    ...metadata,
    kind: 'filter',
    rules,
    suppresses: (event) => !(passes?.test(event) ?? true),
  };
  if (passes) partsOf.set(filter, { filter, passes, names: [...names] });
  return filter;
}

/** What a filter lets pass of each rule that it names. */
export function filterParts(filter: SigmaFilter): FilterParts | undefined {
  return partsOf.get(filter);
}

/** A filter is for the rules that it names whose log source lies within its own (Sigma filters, section Relative rules). */
export function isFor(filter: SigmaFilter, rule: SigmaRule): boolean {
  const isNamed = filter.rules === 'any' || filter.rules.some((name) => name === rule.id || name === rule.name);
  return isNamed && liesWithin(rule.logsource, filter.logsource);
}

function readBody(entry: MapEntry, names: NameSink, scope: Scope): Expression | null {
  if (entry.value.kind !== 'map') {
    const code = isNull(entry.value) ? 'filter/missing' : 'rule/invalid-value';
    const message = '`filter` must be a map of `rules`, selections and a `condition`';
    scope.report.error({ code, at: placeOf(entry), message });
    return null;
  }
  const selections = readSelections(entry.value, ['rules', 'condition'], entry.keyAt, names, scope);
  const condition = entryOf(entry.value, 'condition');
  if (!condition) {
    scope.report.error({ code: 'filter/missing', at: entry.keyAt, message: 'The filter has no `condition`' });
    return null;
  }
  return readPass(condition, selections, scope);
}

function readPass(entry: MapEntry, selections: ReadonlyMap<string, Expression>, scope: Scope): Expression | null {
  if (entry.value.kind === 'list') {
    const message = 'A filter has one condition, not a list';
    scope.report.error({ code: 'filter/condition', at: entry.keyAt, message });
    return null;
  }
  const written = readConditions(entry, scope)?.[0];
  if (!written) return null;
  const built = selections.size > 0 ? buildCondition(written, selections, scope) : null;
  const polarity = polarityOf(written.condition);
  if (polarity === 'mixed') {
    const message = 'Some readers keep what this condition finds, others drop it: the two are opposite';
    const suggestion = 'Only `not (...)`, or an expression without any `not`: what it finds is dropped';
    scope.report.error({ code: 'filter/condition', at: written.at, message, suggestion });
  }
  return built && polarity === 'plain'
    ? not(built, { label: 'not', line: scope.report.place(written.at).line })
    : built;
}

/** A filter suppresses: `not (...)` says so itself, and an expression without `not` names what is suppressed. */
function polarityOf(condition: Condition): 'negated' | 'plain' | 'mixed' {
  if (!hasNot(condition)) return 'plain';
  return isNegation(condition) ? 'negated' : 'mixed';
}

function isNegation(condition: Condition): boolean {
  if (condition.kind === 'not') return condition.part.kind !== 'not';
  return condition.kind === 'all' && condition.parts.every(isNegation);
}

function hasNot(condition: Condition): boolean {
  if (condition.kind === 'not') return true;
  return (condition.kind === 'all' || condition.kind === 'any') && condition.parts.some(hasNot);
}

function readRules(entry: MapEntry, map: MapNode, { report }: Scope): string[] | 'any' {
  const rules = entryOf(map, 'rules');
  const message = 'A filter names the rules that it is for: ids or names, or `any`';
  if (!rules || isNull(rules.value)) {
    report.error({ code: 'filter/missing', at: rules?.keyAt ?? entry.keyAt, message });
    return [];
  }
  const { value } = rules;
  if (value.kind === 'scalar' && value.value === 'any') return 'any';
  const items = value.kind === 'list' ? value.items : [value];
  if (items.length === 0) report.error({ code: 'filter/rules', at: rules.keyAt, message });
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '') return [item.value];
    const at = item === value || isNull(item) ? placeOf(rules) : item.at;
    report.error({ code: 'filter/rules', at, message });
    return [];
  });
}

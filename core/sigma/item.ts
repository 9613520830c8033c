import { compareExistence, compareField } from './comparison.ts';
import type { Expression } from './expression.ts';
import { everyValue } from './field.ts';
import { SIGMA_LIMITS } from './limits.ts';
import { type Chain, readChain } from './modifier-chain.ts';
import type { Scope } from './scope.ts';
import { readValue, type ValuePart } from './value-part.ts';
import { isNull, type MapEntry, placeOf, type ScalarNode } from './yaml-node.ts';

/** Field names that a document uses. */
export type NameSink = Set<string>;

/** Reads one entry of a map: a field with modifiers, and its values (Sigma rules, sections Maps and Field Usage). */
export function readItem(entry: MapEntry, names: NameSink, scope: Scope): Expression | null {
  const [name = '', ...modifiers] = entry.key.split('|');
  const chain = readModifiers(entry, modifiers, scope);
  const values = readValues(entry, scope);
  if (!chain || !values || !isSound(entry, name, chain, values, scope)) return null;
  if (name !== '') names.add(name);
  const comparison =
    chain.kind === 'exists'
      ? readExistence(entry, name, chain, scope)
      : readComparison(entry, name, chain, values, names, scope);
  return comparison && { ...comparison, test: shared(comparison.test, entry.key, values, scope) };
}

type EventTest = Expression['test'];

/** Tests by what they ask, for each set of options. */
const tests = new WeakMap<object, Map<string, EventTest>>();
/** An editor reads a rule at each key stroke: what nobody asks any more is forgotten now and then. */
const MOST_SHARED = 20_000;

/** One test for all that ask the same, so that it needs to be asked once. */
function shared(test: EventTest, key: string, values: readonly ScalarNode[], { options }: Scope): EventTest {
  const known = tests.get(options) ?? new Map<string, EventTest>();
  tests.set(options, known);
  const asked = JSON.stringify([key, ...values.map(({ value, source }) => [typeof value, String(value), source])]);
  const same = known.get(asked);
  if (same !== undefined) return same;
  if (known.size >= MOST_SHARED) known.clear();
  known.set(asked, test);
  return test;
}

function readModifiers({ keyAt }: MapEntry, modifiers: readonly string[], { report }: Scope): Chain | null {
  const chain = readChain(modifiers);
  if (!Array.isArray(chain)) return chain as Chain;
  for (const fault of chain) report.error({ ...fault, at: keyAt });
  return null;
}

function readValues(entry: MapEntry, { report }: Scope): ScalarNode[] | null {
  const { value, key, keyAt } = entry;
  if (value.kind === 'scalar') return [value];
  if (value.kind === 'map') {
    const suggestion = value.entries[0] ? `${key.split('|')[0]}.${value.entries[0].key}` : undefined;
    const message = `The value of \`${key}\` is a map: it must be text, a number or a list of them`;
    report.error({ code: 'detection/invalid-value', at: keyAt, message, suggestion });
    return null;
  }
  if (value.items.length > 0) return value.items.filter((item) => isValue(item, keyAt, report)) as ScalarNode[];
  report.error({ code: 'detection/empty', at: keyAt, message: `The list of values of \`${key}\` is empty` });
  return null;
}

function isValue(item: MapEntry['value'], keyAt: number, report: Scope['report']): boolean {
  const at = item.kind === 'scalar' && item.source === '' ? keyAt : item.at;
  if (item.kind !== 'scalar') {
    report.error({ code: 'detection/invalid-value', at, message: 'A list of values holds text and numbers only' });
  } else if (isNull(item)) {
    const message = 'Null has a type of its own and cannot stand in a list of values';
    report.error({ code: 'detection/null-in-list', at, message, suggestion: 'Ask for it in a selection of its own' });
  } else return true;
  return false;
}

function isSound(
  entry: MapEntry,
  name: string,
  chain: Chain,
  values: readonly ScalarNode[],
  { report }: Scope,
): boolean {
  const { keyAt } = entry;
  if (chain.linksAll && (entry.value.kind === 'list' ? entry.value.items.length : 1) < 2) {
    const message = '`all` joins several values, and there is only one';
    report.error({ code: 'modifier/all-single', at: keyAt, message, suggestion: 'Leave `all` out' });
    return false;
  }
  if (name === '' && (chain.kind === 'exists' || chain.kind === 'fieldref')) {
    report.error({ code: 'modifier/combination', at: keyAt, message: `\`${chain.kind}\` needs a field` });
    return false;
  }
  if (name.split('.').length <= SIGMA_LIMITS.pathSteps) return values.length > 0;
  report.error({ code: 'yaml/limit', at: keyAt, message: `A field name has at most ${SIGMA_LIMITS.pathSteps} steps` });
  return false;
}

function readExistence(entry: MapEntry, name: string, chain: Chain, scope: Scope): Expression | null {
  const { value } = entry;
  if (value.kind !== 'scalar' || typeof value.value !== 'boolean') {
    const message = '`exists` asks for one value: true or false, without quotes';
    scope.report.error({ code: 'modifier/value', at: placeOf(entry), message });
    return null;
  }
  return compareExistence(scope.field(name), value.value !== chain.negates, nameOf(entry, scope));
}

function readComparison(
  entry: MapEntry,
  name: string,
  chain: Chain,
  values: readonly ScalarNode[],
  names: NameSink,
  scope: Scope,
): Expression {
  const context = { chain, isKeyword: name === '', scope };
  const parts = values.map((value) => readValue(value, entry.keyAt, context)).filter((part) => part !== null);
  for (const { reads } of parts as ValuePart[]) if (reads) names.add(reads);
  return compareField(name === '' ? everyValue : scope.field(name), chain, parts, nameOf(entry, scope), scope);
}

/** The label of a comparison: its key and its values as they are written, cut where they are many. */
function nameOf({ key, keyAt, value }: MapEntry, { report }: Scope): { label: string; line: number } {
  const texts = value.kind === 'list' ? value.items.slice(0, 4).map(textOf) : [textOf(value)];
  const more = value.kind === 'list' && value.items.length > 4 ? `, ... (${value.items.length})` : '';
  return { label: `${key}: ${texts.join(', ')}${more}`, line: report.place(keyAt).line };
}

function textOf(node: MapEntry['value']): string {
  const text = node.kind === 'scalar' ? (node.value === null ? 'null' : node.source) : '...';
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

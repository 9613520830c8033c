import type { Clue, Expression } from './expression.ts';
import { everyValue, type Field } from './field.ts';
import type { ValueTest } from './field-path.ts';
import { fold } from './fold.ts';
import type { Match, ValueAlias } from './model.ts';
import type { Chain } from './modifier-chain.ts';
import type { Pattern } from './pattern.ts';
import type { Scope } from './scope.ts';
import { anyPattern, exactTexts } from './text-test.ts';
import type { ValuePart } from './value-part.ts';
import { writesOutDashes } from './value-patterns.ts';

interface Named {
  readonly label: string;
  readonly line: number;
}

/** A field and the values that are looked for in it; an alias of a value adds another field. */
interface Probe {
  readonly field: Field;
  readonly test: ValueTest;
}

/** Values of which one must be found. */
interface Group {
  readonly probes: readonly Probe[];
  readonly field: Field;
  readonly allowsNull: boolean;
  readonly binds: readonly ((event: unknown) => ValueTest)[];
  readonly cost: number;
  /** The folded texts that it takes, where there is no other way to be met. */
  readonly texts: ReadonlySet<string> | null;
  /** What must be there; null: nothing can be said. */
  readonly clue: Clue | null;
}

/** A comparison of a field, or of every value, with what a rule asks for. */
export function compareField(
  field: Field,
  chain: Chain,
  parts: readonly ValuePart[],
  named: Named,
  scope: Scope,
): Expression {
  const groups = (chain.linksAll ? parts.map((part) => [part]) : [parts]).map((own) =>
    makeGroup(field, chain, own, scope),
  );
  const finds = (event: unknown) => groups.every((group) => isMet(group, event));
  const test = groups.length === 1 ? singleTest(groups[0] as Group) : finds;
  const necessary = chain.negates ? null : (groups.find((group) => group.texts)?.texts ?? null);
  return {
    kind: 'comparison',
    ...named,
    parts: [],
    cost:
      field.cost +
      Math.min(
        10,
        groups.reduce((sum, group) => sum + group.cost, 0),
      ),
    test: chain.negates ? (event) => !test(event) : test,
    collect: (event, found) => {
      if (chain.negates) field.collect(event, isScalar, found);
      else for (const group of groups) collectGroup(group, event, found);
    },
    requires: (path) => (path === field.onlyPath ? necessary : null),
    clues: chain.negates ? [] : groups.flatMap(({ clue }) => clue ?? []),
    actual: (event) => actualValues(field, event),
  };
}

/** `exists`: only presence counts, be the value empty or null (Sigma modifiers, section Generic Modifiers). */
export function compareExistence(field: Field, wanted: boolean, named: Named): Expression {
  return {
    kind: 'comparison',
    ...named,
    parts: [],
    cost: field.cost,
    test: (event) => field.reaches(event) === wanted,
    collect: (event, found) => {
      if (wanted) field.collect(event, () => true, found);
    },
    requires: () => null,
    clues: wanted && field.paths !== null ? [{ paths: field.paths, values: null }] : [],
    actual: (event) => actualValues(field, event),
  };
}

function makeGroup(field: Field, chain: Chain, parts: readonly ValuePart[], scope: Scope): Group {
  const comparing = { cased: chain.cased, windash: chain.transforms.includes('windash') && !writesOutDashes(chain) };
  const patterns = parts.flatMap((part) => part.patterns ?? []);
  const numbers = new Set(parts.flatMap((part) => (part.number === undefined ? [] : [part.number])));
  const tests = parts.flatMap((part) => part.tests ?? []);
  if (patterns.length > 0) tests.unshift(anyPattern(patterns, comparing));
  if (numbers.size > 0) tests.push((value) => numbers.has(value as number));
  const aliases = chain.kind === 'text' && !chain.affix ? aliasProbes(field, patterns, scope) : [];
  const binds = parts.flatMap((part) => part.bind ?? []);
  const allowsNull = parts.some((part) => part.isNull);
  const isExact = !comparing.windash && !allowsNull && binds.length + aliases.length === 0 && parts.every(isPlain);
  const probes = tests.length > 0 ? [{ field, test: anyTest(tests) }, ...aliases] : aliases;
  const cost = tests.length + (exactTexts(patterns) ? 0 : patterns.length);
  const hasOthers = allowsNull || binds.length + aliases.length > 0 || field.paths === null;
  const isText = !comparing.windash && numbers.size === 0 && parts.every(isPlain);
  const values = isText ? patterns.map((pattern) => pattern.filter((part) => typeof part === 'string')) : null;
  const clue = hasOthers ? null : { paths: field.paths ?? [], values };
  return { probes, field, allowsNull, binds, cost, clue, texts: isExact ? necessaryTexts(patterns, numbers) : null };
}

function isPlain(part: ValuePart): boolean {
  return part.tests === undefined;
}

function necessaryTexts(
  patterns: readonly Pattern[],
  numbers: ReadonlySet<number | bigint>,
): ReadonlySet<string> | null {
  const texts = exactTexts(patterns);
  return texts && new Set([...texts, ...[...numbers].map(String)]);
}

function anyTest(tests: readonly ValueTest[]): ValueTest {
  const [first, second] = tests;
  if (first && tests.length === 1) return first;
  if (first && second && tests.length === 2) return (value) => first(value) || second(value);
  return (value) => tests.some((test) => test(value));
}

/** Values of this field that mean another field's value, besides themselves. */
function aliasProbes(field: Field, patterns: readonly Pattern[], scope: Scope): Probe[] {
  const values = scope.options.aliases?.values ?? [];
  if (field === everyValue || values.length === 0) return [];
  const texts = exactTexts(patterns.filter((pattern) => exactTexts([pattern]) !== null)) ?? [];
  const isMeant = (alias: ValueAlias) => alias.field === field.name && texts.includes(fold(alias.value));
  return values.filter(isMeant).map(({ becomes }) => ({
    field: scope.field(becomes.field),
    test: anyPattern([[becomes.value]], { cased: false, windash: false }),
  }));
}

function singleTest(group: Group): (event: unknown) => boolean {
  const [probe] = group.probes;
  if (!probe || group.probes.length > 1 || group.allowsNull || group.binds.length > 0)
    return (event) => isMet(group, event);
  const { field, test } = probe;
  return (event) => field.some(event, test);
}

function isMet({ probes, field, allowsNull, binds }: Group, event: unknown): boolean {
  if (probes.some((probe) => probe.field.some(event, probe.test))) return true;
  if (allowsNull && (field.some(event, isNull) || !field.reaches(event))) return true;
  return binds.some((bind) => field.some(event, bind(event)));
}

function collectGroup({ probes, field, allowsNull, binds }: Group, event: unknown, found: Match[]): void {
  for (const probe of probes) probe.field.collect(event, probe.test, found);
  for (const bind of binds) field.collect(event, bind(event), found);
  if (allowsNull) field.collect(event, isNull, found);
}

/** What a comparison saw, for a trace. Keywords see everything, which is no answer. */
function actualValues(field: Field, event: unknown): unknown[] {
  if (field === everyValue) return [];
  const found: Match[] = [];
  field.collect(event, () => true, found);
  return found.map(({ value }) => value);
}

function isNull(value: unknown): boolean {
  return value === null;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object';
}

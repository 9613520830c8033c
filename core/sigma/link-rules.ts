import type { Problem } from '../contract/fault.ts';
import { filterParts, isFor } from './filter.ts';
import { SIGMA_LIMITS } from './limits.ts';
import type { Reference, SigmaCorrelation, SigmaDocument, SigmaExtension, SigmaFilter, SigmaRule } from './model.ts';
import { nearest } from './nearest-name.ts';
import { withFilters } from './rule.ts';

export type CorrelationMember = SigmaRule | SigmaCorrelation;

/** Documents of all files with their references to each other looked up. */
export interface LinkedRules {
  /** Rules with their filters. */
  readonly rules: readonly SigmaRule[];
  /** Each after those that it refers to. */
  readonly correlations: readonly SigmaCorrelation[];
  readonly filters: readonly SigmaFilter[];
  readonly extensions: readonly SigmaExtension[];
  /** The rules and correlations that a correlation refers to, in its order. */
  readonly members: ReadonlyMap<SigmaCorrelation, readonly CorrelationMember[]>;
  /** Those that raise nothing of their own, because a correlation refers to them (Sigma correlations, section Generate). */
  readonly silent: ReadonlySet<CorrelationMember>;
  readonly problems: readonly Problem[];
  /** A rule or correlation by id or name. */
  find(reference: string): CorrelationMember | undefined;
}

/** Joins filters to rules and correlations to what they refer to. Correlations with an error are left out. */
export function linkRules(documents: readonly SigmaDocument[]): LinkedRules {
  const problems: Problem[] = [];
  const filters = documents.filter((document) => document.kind === 'filter');
  const rules = joinFilters(
    documents.filter((document) => document.kind === 'rule'),
    filters,
    problems,
  );
  const correlations = documents.filter((document) => document.kind === 'correlation');
  const index = indexMembers([...rules, ...correlations], problems);
  const members = new Map(correlations.map((one) => [one, findMembers(one, index, problems)]));
  const order = inOrder(members);
  reportCycles(members, order, problems);
  const complete = completeMembers(members, order);
  return {
    rules,
    correlations: [...complete.keys()],
    filters,
    extensions: documents.filter((document) => document.kind === 'extension'),
    members: complete,
    silent: silentMembers(complete),
    problems: problems.slice(0, SIGMA_LIMITS.problems),
    find: (reference) => index.get(reference),
  };
}

type Found = readonly (CorrelationMember | null)[];

function joinFilters(rules: readonly SigmaRule[], filters: readonly SigmaFilter[], problems: Problem[]): SigmaRule[] {
  let joins = 0;
  return rules.map((rule) => {
    const own = joins > SIGMA_LIMITS.filterJoins ? [] : filters.filter((filter) => isFor(filter, rule));
    joins += own.length;
    if (own.length > 0 && joins > SIGMA_LIMITS.filterJoins) problems.push(tooManyFilters(own[0] as SigmaFilter));
    return withFilters(
      rule,
      own.map(filterParts).filter((part) => part !== undefined),
    );
  });
}

function tooManyFilters({ path, line }: SigmaFilter): Problem {
  const message = `Filters would be joined to rules more than ${SIGMA_LIMITS.filterJoins} times`;
  return { path, severity: 'error', code: 'yaml/limit', message, line, column: 1 };
}

function indexMembers(all: readonly CorrelationMember[], problems: Problem[]): Map<string, CorrelationMember> {
  const index = new Map<string, CorrelationMember>();
  for (const member of all) {
    for (const name of new Set([member.id, member.name])) {
      if (name === null) continue;
      const known = index.get(name);
      if (known === undefined) index.set(name, member);
      else problems.push(twice(member, name, known));
    }
  }
  return index;
}

function twice(member: CorrelationMember, name: string, known: CorrelationMember): Problem {
  const message = `\`${name}\` is also the id or name of \`${known.title}\` (${known.path}, line ${known.line})`;
  const { path, line } = member;
  return { path, severity: 'warning', code: 'rule/invalid-value', message, line, column: 1 };
}

function findMembers(
  correlation: SigmaCorrelation,
  index: ReadonlyMap<string, CorrelationMember>,
  problems: Problem[],
): Found {
  const found = correlation.rules.map((reference) => {
    const member = index.get(reference.text) ?? null;
    // Nobody reads a thousand suggestions, and looking for near names takes time.
    const known = member || problems.length >= 100 ? [] : [...index.keys()];
    if (!member) problems.push(unknownRule(correlation, reference, known));
    return member;
  });
  for (const reference of correlation.aliasReferences) {
    const member = index.get(reference.text);
    const known = correlation.rules.map(({ text }) => text);
    if (!member || !found.includes(member)) problems.push(unknownRule(correlation, reference, known));
  }
  return found;
}

function unknownRule({ path }: SigmaCorrelation, { text, line, column }: Reference, known: readonly string[]): Problem {
  const near = nearest(text, known);
  const message = `No rule here has the id or name \`${text}\``;
  const suggestion = near && { suggestion: `\`${near}\`` };
  return { path, severity: 'error', code: 'correlation/unknown-rule', message, line, column, ...suggestion };
}

/** A correlation that refers to itself, by whatever way, could never be evaluated. */
function reportCycles(
  members: ReadonlyMap<SigmaCorrelation, Found>,
  order: readonly SigmaCorrelation[],
  problems: Problem[],
): void {
  const fine = new Set<CorrelationMember>(order);
  for (const [correlation, found] of members) {
    if (fine.has(correlation)) continue;
    found.forEach((member, index) => {
      const reference = correlation.rules[index];
      if (member?.kind !== 'correlation' || !reference || fine.has(member)) return;
      const message =
        member === correlation
          ? 'This correlation refers to itself'
          : `\`${reference.text}\` is part of a circle of references`;
      const { line, column } = reference;
      problems.push({ path: correlation.path, severity: 'error', code: 'correlation/cycle', message, line, column });
    });
  }
}

/** Correlations after all that they refer to; those in or behind a circle are left out (Kahn's algorithm). */
function inOrder(members: ReadonlyMap<SigmaCorrelation, Found>): SigmaCorrelation[] {
  const waitsFor = new Map<SigmaCorrelation, number>();
  const users = new Map<CorrelationMember, SigmaCorrelation[]>();
  for (const [correlation, found] of members) {
    const inner = found.filter((member) => member?.kind === 'correlation');
    waitsFor.set(correlation, inner.length);
    for (const member of inner) pushTo(users, member, correlation);
  }
  const order = [...members.keys()].filter((correlation) => waitsFor.get(correlation) === 0);
  for (let index = 0; index < order.length; index++) {
    for (const user of users.get(order[index] as SigmaCorrelation) ?? []) {
      const left = (waitsFor.get(user) ?? 0) - 1;
      waitsFor.set(user, left);
      if (left === 0) order.push(user);
    }
  }
  return order;
}

/** In order of evaluation, those whose rules are all known, the rules of their correlations too. */
function completeMembers(
  members: ReadonlyMap<SigmaCorrelation, Found>,
  order: readonly SigmaCorrelation[],
): LinkedRules['members'] {
  const complete = new Map<SigmaCorrelation, readonly CorrelationMember[]>();
  for (const correlation of order) {
    const found = (members.get(correlation) ?? []).filter((member) => member !== null);
    const isComplete = found.length === correlation.rules.length;
    if (isComplete && found.every((member) => member.kind === 'rule' || complete.has(member)))
      complete.set(correlation, found);
  }
  return complete;
}

function silentMembers(members: LinkedRules['members']): ReadonlySet<CorrelationMember> {
  const silent = new Set([...members.values()].flat());
  for (const [correlation, found] of members)
    if (correlation.generate) for (const member of found) silent.delete(member);
  return silent;
}

function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

import type { Match, TraceNode } from './model.ts';

/** A part of a rule, compiled: what it decides and how it accounts for that. */
export interface Expression {
  readonly kind: TraceNode['kind'];
  readonly label: string;
  readonly line: number;
  readonly parts: readonly Expression[];
  /** What it takes to decide, roughly. Parts are asked in the order of this; accounts keep the order of the rule. */
  readonly cost: number;
  test(event: unknown): boolean;
  /** Adds the values that made this part true. Called only where it is. */
  collect(event: unknown, found: Match[]): void;
  /** Necessary folded texts of a path, or null (see `SigmaRule.requires`). */
  requires(path: string): ReadonlySet<string> | null;
  /** Of a comparison: all values that it looks at. */
  actual?(event: unknown): unknown[];
  /** Of a comparison: all of these are necessary. Empty or absent: nothing can be said. */
  readonly clues?: readonly Clue[];
}

/** What the text of an event must hold for a comparison to be true. */
export interface Clue {
  /** Names of paths of which one must be there; empty: anywhere. */
  readonly paths: readonly string[];
  /** Values of which one must be there, each as the texts between its wildcards, upper and lower case alike; null stands for every value. */
  readonly values: readonly (readonly string[])[] | null;
}

interface Labelled {
  readonly label: string;
  readonly line: number;
}

export function all(parts: readonly Expression[], place: Labelled): Expression {
  return {
    kind: 'all',
    ...place,
    parts,
    cost: sumCost(parts),
    test: conjunction(cheapestFirst(parts)),
    collect: (event, found) => {
      for (const part of parts) part.collect(event, found);
    },
    requires: (path) => smallest(parts.map((part) => part.requires(path))),
  };
}

export function any(parts: readonly Expression[], place: Labelled): Expression {
  return {
    kind: 'any',
    ...place,
    parts,
    cost: sumCost(parts),
    test: disjunction(cheapestFirst(parts)),
    collect: (event, found) => {
      for (const part of parts) if (part.test(event)) part.collect(event, found);
    },
    requires: (path) => union(parts.map((part) => part.requires(path))),
  };
}

/** `not` accounts for nothing: what is not there cannot be shown. */
export function not(part: Expression, place: Labelled): Expression {
  return {
    kind: 'not',
    ...place,
    parts: [part],
    cost: part.cost,
    test: (event) => !part.test(event),
    collect: () => {},
    requires: (path) => (part.kind === 'not' ? (part.parts[0]?.requires(path) ?? null) : null),
  };
}

/** A named selection, so that a trace can call it by its name. */
export function selection(part: Expression, place: Labelled): Expression {
  return {
    kind: 'selection',
    ...place,
    parts: [part],
    cost: part.cost,
    test: part.test,
    collect: part.collect,
    requires: part.requires,
  };
}

/** Stands where a problem was reported, so that reading can go on. */
export function nothing(place: Labelled): Expression {
  return { kind: 'any', ...place, parts: [], cost: 0, test: () => false, collect: () => {}, requires: () => new Set() };
}

export function trace(part: Expression, event: unknown): TraceNode {
  const { kind, label, line } = part;
  const parts = part.parts.map((inner) => trace(inner, event));
  const actual = part.actual?.(event);
  return { kind, label, result: part.test(event), line, parts, ...(actual && { actual }) };
}

type EventTest = (event: unknown) => boolean;

function sumCost(parts: readonly Expression[]): number {
  return parts.reduce((sum, part) => sum + part.cost, 0);
}

function cheapestFirst(parts: readonly Expression[]): EventTest[] {
  return parts.toSorted((a, b) => a.cost - b.cost).map((part) => part.test);
}

function conjunction(tests: readonly EventTest[]): EventTest {
  const [first, second] = tests;
  if (first && tests.length === 1) return first;
  if (first && second && tests.length === 2) return (event) => first(event) && second(event);
  return (event) => {
    for (let index = 0; index < tests.length; index++) if (!(tests[index] as EventTest)(event)) return false;
    return true;
  };
}

function disjunction(tests: readonly EventTest[]): EventTest {
  return (event) => {
    for (let index = 0; index < tests.length; index++) if ((tests[index] as EventTest)(event)) return true;
    return false;
  };
}

/** Any of several necessary conditions is one; the smallest excludes most. */
function smallest(sets: readonly (ReadonlySet<string> | null)[]): ReadonlySet<string> | null {
  return sets.reduce((best, set) => (set && (!best || set.size < best.size) ? set : best), null);
}

function union(sets: readonly (ReadonlySet<string> | null)[]): ReadonlySet<string> | null {
  const joined = new Set<string>();
  for (const set of sets) {
    if (!set) return null;
    for (const text of set) joined.add(text);
  }
  return joined;
}

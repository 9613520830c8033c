import type { Match, TraceNode } from './model.ts';

/** A part of a rule, compiled: what it decides and how it accounts for that. */
export interface Expression {
  readonly kind: TraceNode['kind'];
  readonly label: string;
  readonly line: number;
  readonly parts: readonly Expression[];
  test(event: unknown): boolean;
  /** Adds the values that made this part true. Called only where it is. */
  collect(event: unknown, found: Match[]): void;
  /** Necessary folded texts of a path, or null (see `SigmaRule.requires`). */
  requires(path: string): ReadonlySet<string> | null;
  /** Of a comparison: all values that it looks at. */
  actual?(event: unknown): unknown[];
}

interface Labelled {
  readonly label: string;
  readonly line: number;
}

export function all(parts: readonly Expression[], place: Labelled): Expression {
  const tests = parts.map((part) => (event: unknown) => part.test(event));
  return {
    kind: 'all',
    ...place,
    parts,
    test: conjunction(tests),
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
    test: (event) => {
      for (const part of parts) if (part.test(event)) return true;
      return false;
    },
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
    test: part.test,
    collect: part.collect,
    requires: part.requires,
  };
}

/** Stands where a problem was reported, so that reading can go on. */
export function nothing(place: Labelled): Expression {
  return { kind: 'any', ...place, parts: [], test: () => false, collect: () => {}, requires: () => new Set() };
}

export function trace(part: Expression, event: unknown): TraceNode {
  const { kind, label, line } = part;
  const parts = part.parts.map((inner) => trace(inner, event));
  const actual = part.actual?.(event);
  return { kind, label, result: part.test(event), line, parts, ...(actual && { actual }) };
}

function conjunction(tests: readonly ((event: unknown) => boolean)[]): (event: unknown) => boolean {
  const [first, second] = tests;
  if (first && tests.length === 1) return first;
  if (first && second && tests.length === 2) return (event) => first(event) && second(event);
  return (event) => {
    for (const test of tests) if (!test(event)) return false;
    return true;
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

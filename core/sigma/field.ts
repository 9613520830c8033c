import { FieldPath, type ValueTest } from './field-path.ts';
import type { Match, SigmaOptions } from './model.ts';

/** What a name in a rule reaches in an event. */
export interface Field {
  readonly name: string;
  /** The only path, where the name is nothing but a path; else null. */
  readonly onlyPath: string | null;
  /** All paths that it stands for; null: it is computed. */
  readonly paths: readonly string[] | null;
  /** What it takes to look, roughly: what is cheap is asked first. */
  readonly cost: number;
  some(event: unknown, test: ValueTest): boolean;
  reaches(event: unknown): boolean;
  collect(event: unknown, test: ValueTest, found: Match[]): void;
}

export type FieldFinder = (name: string) => Field;

/** The fields found with each set of options: equal names share one field, and what it computes of an event is computed once. */
const finders = new WeakMap<object, FieldFinder>();

/** Resolves names once each: by the resolver, by the table of aliases, else as a path. */
export function fieldFinder(options: Pick<SigmaOptions, 'aliases' | 'resolver'>): FieldFinder {
  const finder = finders.get(options) ?? makeFinder(options);
  finders.set(options, finder);
  return finder;
}

function makeFinder(options: Pick<SigmaOptions, 'aliases' | 'resolver'>): FieldFinder {
  const known = new Map<string, Field>();
  return (name) => {
    let field = known.get(name);
    if (!field) {
      field = resolveField(name, options);
      known.set(name, field);
    }
    return field;
  };
}

function resolveField(name: string, { aliases, resolver }: Pick<SigmaOptions, 'aliases' | 'resolver'>): Field {
  const resolved = resolver?.resolve(name) ?? null;
  if (resolved && 'derive' in resolved) return derivedField(name, resolved.derive);
  const fromTable = aliases?.fields && Object.hasOwn(aliases.fields, name) ? (aliases.fields[name] ?? []) : [];
  return pathField(name, [...new Set([name, ...(resolved?.paths ?? []), ...fromTable])]);
}

function pathField(name: string, names: readonly string[]): Field {
  const paths = names.map((path) => new FieldPath(path));
  const first = paths[0] as FieldPath;
  if (paths.length === 1) {
    return {
      name,
      onlyPath: name,
      paths: [name],
      cost: first.length,
      some: (event, test) => first.some(event, test),
      reaches: (event) => first.reaches(event),
      collect: (event, test, found) => first.collect(event, test, found),
    };
  }
  return {
    name,
    onlyPath: null,
    paths: names,
    cost: paths.reduce((sum, path) => sum + path.length, 0),
    some: (event, test) => paths.some((path) => path.some(event, test)),
    reaches: (event) => paths.some((path) => path.reaches(event)),
    collect: (event, test, found) => {
      for (const path of paths) path.collect(event, test, found);
    },
  };
}

/** A computed value is looked at like the value at the end of a path: an array of them means any. */
function derivedField(name: string, derive: (event: unknown) => unknown): Field {
  const some = (value: unknown, test: ValueTest): boolean =>
    Array.isArray(value) ? value.some((item) => some(item, test)) : value !== undefined && test(value);
  const collect = (value: unknown, test: ValueTest, found: Match[]): void => {
    if (Array.isArray(value)) for (const item of value) collect(item, test, found);
    else if (value !== undefined && test(value)) found.push({ field: name, value });
  };
  return {
    name,
    onlyPath: null,
    paths: null,
    cost: 20,
    some: (event, test) => some(derive(event), test),
    reaches: (event) => derive(event) !== undefined,
    collect: (event, test, found) => collect(derive(event), test, found),
  };
}

/** All values of the event at any depth, and no keys (Sigma rules, section Keywords search). */
export const everyValue: Field = {
  name: '',
  onlyPath: null,
  paths: [],
  cost: 100,
  some: someValue,
  reaches: () => true,
  collect: (event, test, found) => collectValues(event, test, found, ''),
};

function someValue(value: unknown, test: ValueTest): boolean {
  if (typeof value !== 'object' || value === null) return test(value);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (someValue(value[index], test)) return true;
    return false;
  }
  for (const key of Object.keys(value)) if (someValue((value as Record<string, unknown>)[key], test)) return true;
  return false;
}

function collectValues(value: unknown, test: ValueTest, found: Match[], field: string): void {
  if (Array.isArray(value)) for (const item of value) collectValues(item, test, found, field);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      collectValues(item, test, found, field === '' ? key : `${field}.${key}`);
    }
  } else if (test(value)) found.push({ field, value });
}

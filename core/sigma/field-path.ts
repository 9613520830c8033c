import { SIGMA_LIMITS } from './limits.ts';
import type { Match } from './model.ts';

export type ValueTest = (value: unknown) => boolean;

/** A key that may follow, and the step that it leads to. */
interface Key {
  readonly name: string;
  readonly next: number;
  /** Every object has such a property, so it must be asked whether it is its own. JSON knows no other undefined value. */
  readonly isInherited: boolean;
}

/**
 * A field name as a path. It is split at dots, and any run of steps may be one key that contains dots; all readings are
 * followed. An array on the way or at the end means any of its elements. Only an object's own keys exist.
 *
 * Every node of an event is reached by one reading at most (the keys above it, joined, spell the name so far), so a walk
 * never takes longer than the event is large.
 */
export class FieldPath {
  readonly name: string;
  /** `#keys[step]`: the keys that may follow, each with the step that it leads to. */
  readonly #keys: readonly (readonly Key[])[];

  constructor(name: string) {
    this.name = name;
    const steps = name.split('.', SIGMA_LIMITS.pathSteps + 1);
    this.#keys = steps.map((_, from) =>
      steps.slice(from).map((_step, count) => ({
        name: steps.slice(from, from + count + 1).join('.'),
        next: from + count + 1,
        isInherited: steps.slice(from, from + count + 1).join('.') in Object.prototype,
      })),
    );
  }

  /** Number of steps. */
  get length(): number {
    return this.#keys.length;
  }

  /** Whether some value at the path, looked for in arrays too, passes the test. Objects and nulls are offered as well. */
  some(event: unknown, test: ValueTest): boolean {
    return this.#some(event, 0, test);
  }

  /** Whether the path leads to anything: a null, an object or an empty array too. */
  reaches(event: unknown): boolean {
    return this.#reaches(event, 0);
  }

  /** All values at the path that pass the test, with the keys that lead there. */
  collect(event: unknown, test: ValueTest, found: Match[]): void {
    this.#collect(event, 0, { test, found }, '');
  }

  #some(value: unknown, step: number, test: ValueTest): boolean {
    if (typeof value !== 'object' || value === null) return step === this.#keys.length && test(value);
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) if (this.#some(value[index], step, test)) return true;
      return false;
    }
    if (step === this.#keys.length) return test(value);
    const keys = this.#keys[step] as readonly Key[];
    for (let index = 0; index < keys.length; index++) {
      const { name, next, isInherited } = keys[index] as Key;
      const inner = (value as Record<string, unknown>)[name];
      if (inner === undefined || (isInherited && !Object.hasOwn(value, name))) continue;
      if (this.#some(inner, next, test)) return true;
    }
    return false;
  }

  #reaches(value: unknown, step: number): boolean {
    if (step === this.#keys.length) return true;
    if (typeof value !== 'object' || value === null) return false;
    if (Array.isArray(value)) return value.some((item) => this.#reaches(item, step));
    for (const { name: key, next } of this.#keys[step] ?? []) {
      if (Object.hasOwn(value, key) && this.#reaches((value as Record<string, unknown>)[key], next)) return true;
    }
    return false;
  }

  #collect(value: unknown, step: number, into: { test: ValueTest; found: Match[] }, field: string): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#collect(item, step, into, field);
    } else if (step === this.#keys.length) {
      if (into.test(value)) into.found.push({ field, value });
    } else if (typeof value === 'object' && value !== null) {
      for (const { name: key, next } of this.#keys[step] ?? []) {
        if (!Object.hasOwn(value, key)) continue;
        this.#collect((value as Record<string, unknown>)[key], next, into, field === '' ? key : `${field}.${key}`);
      }
    }
  }
}

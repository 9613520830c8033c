/** Readers for values of which nothing is known. They never throw, never recurse and see own keys only. */

export type JsonObject = { readonly [key: string]: unknown };

/** The value as an object that is no array, if it is one. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The value's own entry of that name, never an inherited one. */
export function own(value: unknown, key: string): unknown {
  const object = asObject(value);
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value at the end of a path of own keys. */
export function at(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) current = own(current, key);
  return current;
}

/** The value as a list; anything that is no array is an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A scalar as text; null, objects and lists are undefined. */
export function asText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}

/** The scalars of a list as texts. */
export function asTexts(value: unknown): readonly string[] {
  const texts: string[] = [];
  for (const entry of asList(value)) {
    const text = asText(entry);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** The text of an own entry, or undefined where it is missing, empty or no scalar. */
export function textOf(value: unknown, key: string): string | undefined {
  return asText(own(value, key)) || undefined;
}

/** Own entries of an object; nothing for any other value. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  const object = asObject(value);
  return object === undefined ? [] : Object.entries(object);
}

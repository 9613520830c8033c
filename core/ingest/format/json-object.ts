/** A parsed JSON object. Keys come from outside: read them with `own`, so that `constructor` and its like are data. */
export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at the end of `keys`, through objects and arrays; undefined where a step is missing. */
export function own(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as JsonObject)[key];
  }
  return at;
}

/** The text at the end of `keys` unless it is empty or something else. */
export function ownText(value: unknown, ...keys: readonly (string | number)[]): string | null {
  const found = own(value, ...keys);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** The first of several paths (`resource.labels.name` as an array of steps) that holds a text. */
export function firstText(value: unknown, paths: readonly (readonly string[])[]): string | null {
  for (const path of paths) {
    const found = ownText(value, ...path);
    if (found !== null) return found;
  }
  return null;
}

/** A copy without some keys. */
export function without(value: JsonObject, isDropped: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !isDropped(key)));
}

/** A copy without members that say nothing. */
export function compact(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined && item !== null && item !== ''),
  );
}

/** One step of a JSON pointer (RFC 6901). */
export function step(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The steps of a JSON pointer. */
export function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

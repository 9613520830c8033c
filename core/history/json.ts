/** JSON as it was read from evidence; integers beyond a double's reach are `bigint`. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonMap;
export type JsonMap = { [key: string]: Json };

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy that shares nothing. */
export function copyOf(value: Json): Json {
  return structuredClone(value);
}

/** Entries as an object of its own keys, `__proto__` among them. */
export function mapOf(entries: Iterable<readonly [string, Json]>): JsonMap {
  return Object.fromEntries(entries);
}

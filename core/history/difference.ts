import { isMap, type Json, type JsonMap } from './json.ts';

/** One place at which two states differ; undefined: it is not there. */
export interface Change {
  /** Steps with dots; elements of lists by their name or number in brackets: `spec.containers[app].image`. */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** Changed by every write, and says nothing. */
const NOISE: ReadonlySet<string> = new Set([
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.generation',
]);
const MOST_CHANGES = 2000;

/** Where two states differ, in the order of the keys. */
export function differences(before: Json | null, after: Json | null): Change[] {
  const found: Change[] = [];
  compare(before ?? {}, after ?? {}, '', found);
  return found;
}

function compare(before: Json | undefined, after: Json | undefined, path: string, found: Change[]): void {
  if (found.length >= MOST_CHANGES || NOISE.has(path) || before === after) return;
  if (isMap(before) && isMap(after)) compareMaps(before, after, path, found);
  else if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, found);
  else if (before === undefined && isFilled(after)) compareMaps({}, after, path, found);
  else if (after === undefined && isFilled(before)) compareMaps(before, {}, path, found);
  else if (before === undefined && isListed(after)) compareLists([], after, path, found);
  else if (after === undefined && isListed(before)) compareLists(before, [], path, found);
  else found.push({ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
}

const isFilled = (value: Json | undefined): value is JsonMap => isMap(value) && Object.keys(value).length > 0;

const isListed = (value: Json | undefined): value is Json[] =>
  Array.isArray(value) && value.length > 0 && value.every(isMap);

function compareMaps(before: JsonMap, after: JsonMap, path: string, found: Change[]): void {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys) compare(own(before, key), own(after, key), path === '' ? key : `${path}.${key}`, found);
}

const own = (map: JsonMap, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined);

function compareLists(before: readonly Json[], after: readonly Json[], path: string, found: Change[]): void {
  const [old, now] = [named(before), named(after)];
  if (old !== null && now !== null) {
    for (const name of new Set([...old.keys(), ...now.keys()]))
      compare(old.get(name), now.get(name), `${path}[${name}]`, found);
    return;
  }
  for (let at = 0; at < Math.max(before.length, after.length); at++)
    compare(before[at], after[at], `${path}[${at}]`, found);
}

/** Elements by name, where each has one of its own. */
function named(list: readonly Json[]): Map<string, Json> | null {
  const byName = new Map<string, Json>();
  for (const item of list) {
    const name = isMap(item) ? item['name'] : undefined;
    if (typeof name !== 'string' || byName.has(name)) return null;
    byName.set(name, item);
  }
  return byName;
}

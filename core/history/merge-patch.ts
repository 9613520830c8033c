import { copyOf, isMap, type Json, type JsonMap, mapOf } from './json.ts';

/** How lists of objects are merged: by the value of a key. */
const LIST_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  ports: ['containerPort', 'port'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  ownerReferences: ['uid'],
  conditions: ['type'],
  addresses: ['type'],
  taints: ['key'],
  topologySpreadConstraints: ['topologyKey'],
  resourceClaims: ['name'],
  webhooks: ['name'],
  podIPs: ['ip'],
  hostIPs: ['ip'],
};
/** Lists of texts to which a strategic patch adds. */
const SETS: ReadonlySet<string> = new Set(['finalizers']);

const ORDER = '$setElementOrder/';
const DELETE_FROM = '$deleteFromPrimitiveList/';

/** Whether a patch says by itself that it is a strategic merge. */
export function isStrategic(patch: Json): boolean {
  if (Array.isArray(patch)) return patch.some(isStrategic);
  if (!isMap(patch)) return false;
  return Object.entries(patch).some(([key, value]) => key.startsWith('$') || isStrategic(value));
}

/** Applies a merge patch (RFC 7386): null removes, lists are replaced. */
export function applyMergePatch(object: Json, patch: Json): Json {
  if (!isMap(patch)) return copyOf(patch);
  const result = new Map<string, Json>(isMap(object) ? Object.entries(object) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, applyMergePatch(result.get(key) ?? {}, value));
  }
  return mapOf(result);
}

/** Applies a strategic merge patch or an apply: as above, but lists of things with a name are merged by it. */
export function applyStrategicPatch(object: Json, patch: Json): Json {
  if (!isMap(patch)) return copyOf(patch);
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  const before = isMap(object) ? object : {};
  const result = new Map<string, Json>(Object.entries(before));
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) removeTexts(result, key.slice(DELETE_FROM.length), value);
    else if (key.startsWith('$')) continue;
    else if (value === null || (isMap(value) && value['$patch'] === 'delete')) result.delete(key);
    else result.set(key, mergedField(key, result.get(key), value));
  }
  for (const [key, order] of Object.entries(patch))
    if (key.startsWith(ORDER)) reorder(result, key.slice(ORDER.length), order);
  return mapOf(result);
}

function mergedField(key: string, before: Json | undefined, value: Json): Json {
  if (!Array.isArray(value)) return applyStrategicPatch(before ?? {}, value);
  const old = Array.isArray(before) ? before : [];
  if (SETS.has(key)) return [...new Set([...old, ...value])];
  const name = LIST_KEYS[key]?.find((candidate) => value.some((item) => isMap(item) && Object.hasOwn(item, candidate)));
  if (value.some((item) => isMap(item) && item['$patch'] === 'replace'))
    return value.filter((item) => !(isMap(item) && item['$patch'] === 'replace')).map(withoutDirectives);
  return name === undefined ? value.map(withoutDirectives) : mergedList(old, value, name);
}

function mergedList(before: readonly Json[], patch: readonly Json[], name: string): Json[] {
  const result = before.map(copyOf);
  const placeOf = (item: Json) => result.findIndex((other) => isSame(other, item, name));
  for (const item of patch) {
    const at = placeOf(item);
    const isDeletion = isMap(item) && item['$patch'] === 'delete';
    if (isDeletion && at >= 0) result.splice(at, 1);
    else if (!isDeletion && at >= 0) result[at] = applyStrategicPatch(result[at] as Json, item);
    else if (!isDeletion) result.push(withoutDirectives(item));
  }
  return result;
}

const isSame = (a: Json, b: Json, name: string): boolean =>
  isMap(a) && isMap(b) && a[name] !== undefined && a[name] === b[name];

function removeTexts(result: Map<string, Json>, key: string, texts: Json): void {
  const before = result.get(key);
  if (Array.isArray(before) && Array.isArray(texts))
    result.set(
      key,
      before.filter((item) => !texts.includes(item)),
    );
}

/** Puts the elements that are named in their order; others stay where they are behind them. */
function reorder(result: Map<string, Json>, key: string, order: Json): void {
  const list = result.get(key);
  if (!Array.isArray(list) || !Array.isArray(order)) return;
  const rank = (item: Json) => {
    const at = order.findIndex((wanted) =>
      isMap(wanted) && isMap(item)
        ? Object.entries(wanted).every(([name, value]) => item[name] === value)
        : wanted === item,
    );
    return at < 0 ? order.length : at;
  };
  result.set(
    key,
    list
      .map((item, at) => ({ item, at, rank: rank(item) }))
      .sort((a, b) => a.rank - b.rank || a.at - b.at)
      .map(({ item }) => item),
  );
}

function withoutDirectives(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isMap(value)) return value;
  const kept: JsonMap = mapOf(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('$'))
      .map(([key, inner]) => [key, withoutDirectives(inner)] as const),
  );
  return kept;
}

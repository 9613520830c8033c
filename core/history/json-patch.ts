import { asText, own } from '../event/value.ts';
import { copyOf, isMap, type Json, type JsonMap } from './json.ts';

/** An operation that cannot have been carried out on this object: the object known is not the one that was patched. */
export class PatchMismatch extends Error {
  override readonly name = 'PatchMismatch';
}

/** Applies a JSON Patch (RFC 6902). Raises `PatchMismatch` where a place is missing or a test fails. */
export function applyJsonPatch(object: Json, operations: readonly unknown[]): Json {
  return operations.reduce<Json>((before, operation) => applyOne(before, operation), copyOf(object));
}

function applyOne(root: Json, operation: unknown): Json {
  const kind = asText(own(operation, 'op')) ?? '';
  const path = stepsOf(asText(own(operation, 'path')) ?? '');
  const value = copyOf((own(operation, 'value') ?? null) as Json);
  switch (kind) {
    case 'add':
      return put(root, path, value, 'add');
    case 'replace':
      return put(root, path, value, 'replace');
    case 'remove':
      return remove(root, path);
    case 'move': {
      const from = stepsOf(asText(own(operation, 'from')) ?? '');
      const moved = valueAt(root, from);
      return put(remove(root, from), path, moved, 'add');
    }
    case 'copy':
      return put(root, path, copyOf(valueAt(root, stepsOf(asText(own(operation, 'from')) ?? ''))), 'add');
    case 'test':
      if (JSON.stringify(valueAt(root, path)) !== JSON.stringify(value)) throw new PatchMismatch('a test fails');
      return root;
    default:
      throw new PatchMismatch(`there is no operation ${kind}`);
  }
}

const stepsOf = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

function valueAt(root: Json, steps: readonly string[]): Json {
  let value: Json | undefined = root;
  for (const step of steps) {
    value = Array.isArray(value)
      ? value[Number(step)]
      : isMap(value) && Object.hasOwn(value, step)
        ? value[step]
        : undefined;
    if (value === undefined) throw new PatchMismatch(`there is nothing at /${steps.join('/')}`);
  }
  return value;
}

function put(root: Json, steps: readonly string[], value: Json, kind: 'add' | 'replace'): Json {
  const key = steps.at(-1);
  if (key === undefined) return value;
  const parent = valueAt(root, steps.slice(0, -1));
  if (Array.isArray(parent)) {
    const at = key === '-' ? parent.length : Number(key);
    if (!Number.isInteger(at) || at < 0 || at > parent.length) throw new PatchMismatch(`there is no place ${key}`);
    parent.splice(at, kind === 'add' ? 0 : 1, value);
  } else if (isMap(parent)) setOwn(parent, key, value);
  else throw new PatchMismatch(`nothing can be put at /${steps.join('/')}`);
  return root;
}

function remove(root: Json, steps: readonly string[]): Json {
  const key = steps.at(-1);
  if (key === undefined) return null;
  valueAt(root, steps);
  const parent = valueAt(root, steps.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (isMap(parent)) delete parent[key];
  return root;
}

/** Keys of evidence may be `__proto__`. */
function setOwn(map: JsonMap, key: string, value: Json): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

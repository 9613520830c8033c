import { asObject, asText, own } from './value.ts';

/** A pointer with more steps than this names no Kubernetes field; it is left out. */
const MAXIMUM_STEPS = 40;

type Node = Map<string, unknown>;

/**
 * What a JSON Patch (RFC 6902) writes, as the partial object that says the same: `add` and `replace` put their value
 * at their path, everything else only marks the path as touched. List positions lose their number but keep their
 * order, which is all that a reader of "any element" needs.
 */
export function objectOfJsonPatch(operations: readonly unknown[]): unknown {
  const root: Node = new Map();
  operations.forEach((operation, index) => {
    const steps = stepsOf(asText(own(operation, 'path')), index);
    if (steps === undefined) return;
    const kind = asText(own(operation, 'op'));
    if (kind === 'add' || kind === 'replace') put(root, steps, own(operation, 'value'));
    else if (kind !== 'test') touch(root, steps);
  });
  return plain(root.get('') ?? new Map());
}

/** The steps of a pointer below the root entry ''; `-` (append) becomes a key of its own for each operation. */
function stepsOf(pointer: string | undefined, index: number): readonly string[] | undefined {
  if (pointer === undefined || (pointer !== '' && !pointer.startsWith('/'))) return undefined;
  const steps = pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (steps.length > MAXIMUM_STEPS) return undefined;
  return steps.map((step) => (step === '-' ? `-${index}` : step));
}

function put(root: Node, steps: readonly string[], value: unknown): void {
  descend(root, steps.slice(0, -1)).set(steps[steps.length - 1] ?? '', value);
}

function touch(root: Node, steps: readonly string[]): void {
  const parent = descend(root, steps.slice(0, -1));
  const last = steps[steps.length - 1] ?? '';
  if (!parent.has(last)) parent.set(last, null);
}

/** Walks to a node, making what is missing and opening what an earlier operation put there as a whole. */
function descend(root: Node, steps: readonly string[]): Node {
  let node = root;
  for (const step of steps) {
    const next = opened(node.get(step));
    node.set(step, next);
    node = next;
  }
  return node;
}

function opened(value: unknown): Node {
  if (value instanceof Map) return value;
  if (Array.isArray(value)) return new Map(value.map((element, index) => [String(index), element]));
  return new Map(Object.entries(asObject(value) ?? {}));
}

const isPosition = (key: string) => /^-?\d+$/.test(key);

/** Depth is bounded by MAXIMUM_STEPS: only nodes made above are entered, never the evidence's own objects. */
function plain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  const keys = [...value.keys()];
  if (keys.length > 0 && keys.every(isPosition)) return [...value.values()].map(plain);
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of value) object[key] = plain(entry);
  return object;
}

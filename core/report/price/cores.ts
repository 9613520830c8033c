import type { CoresOrigin } from '../../contract/price.ts';

/** Cores of a node object, from its capacity or from the name of its machine type. */
export function coresOf(node: unknown): { readonly cores: number; readonly origin: CoresOrigin } | null {
  const capacity = quantity(read(node, 'status', 'capacity', 'cpu'));
  if (capacity !== null) return { cores: capacity, origin: 'capacity' };
  const labels = read(node, 'metadata', 'labels');
  const type = read(labels, 'node.kubernetes.io/instance-type') ?? read(labels, 'beta.kubernetes.io/instance-type');
  const cores = typeof type === 'string' ? coresOfType(type) : null;
  return cores === null ? null : { cores, origin: 'machine type' };
}

/** `8`, `7910m`: whole cores or thousandths. */
export function quantity(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  const match = /^(\d{1,6})(m?)$/.exec(text);
  if (match === null) return null;
  const cores = Number(match[1]) / (match[2] === 'm' ? 1000 : 1);
  return cores > 0 ? cores : null;
}

/** Machine types of three clouds say how many cores they have: `m5.2xlarge`, `Standard_D4s_v3`, `n2-standard-8`. */
export function coresOfType(type: string): number | null {
  const amazon = /^[a-z][a-z0-9-]*\.(\d*)(xlarge|large|medium|small|micro|nano)$/.exec(type);
  if (amazon !== null) return amazon[2] === 'xlarge' ? 4 * Number(amazon[1] || 1) : 2;
  const azure = /^Standard_[A-Z]+(\d{1,3})/.exec(type);
  if (azure !== null) return Number(azure[1]) || null;
  const google = /^[a-z]\w*-(?:standard|highmem|highcpu|megamem|ultramem)-(\d{1,3})$/.exec(type);
  return google === null ? null : Number(google[1]) || null;
}

function read(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

/** Rule text as a tree with places: what the readers of rules see of YAML. Aliases are shared nodes. */
export type YamlNode = ScalarNode | ListNode | MapNode;

interface Placed {
  /** Where the node stands, as an offset into the text. */
  readonly at: number;
  /** Nodes below and including this one, aliases counted as often as they stand. */
  readonly size: number;
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly value: string | number | bigint | boolean | null;
  /** The text as written, for numbers and booleans too. */
  readonly source: string;
  /** Offset of the value's first character when its text stands in one piece, else -1. */
  readonly textAt: number;
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface MapEntry {
  readonly key: string;
  readonly keyAt: number;
  readonly value: YamlNode;
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

/** The entry of a map with this key. */
export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** Where a problem with an entry's value is shown: the value of a scalar, the key of a block or of nothing at all. */
export function placeOf(entry: MapEntry): number {
  const { value } = entry;
  return value.kind === 'scalar' && value.source !== '' ? value.at : entry.keyAt;
}

export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** The node as plain JSON. Keys such as `__proto__` become own properties. */
export function toPlain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  const plain: Record<string, unknown> = {};
  for (const { key, value } of node.entries) {
    Object.defineProperty(plain, key, { value: toPlain(value), enumerable: true, writable: true, configurable: true });
  }
  return plain;
}

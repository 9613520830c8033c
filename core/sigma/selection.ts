import { all, any, type Expression, nothing } from './expression.ts';
import { type NameSink, readItem } from './item.ts';
import type { Scope } from './scope.ts';
import {
  isNull,
  type ListNode,
  type MapEntry,
  type MapNode,
  placeOf,
  type ScalarNode,
  type YamlNode,
} from './yaml-node.ts';

/** Reads a selection: a map, joined by and, or a list, joined by or (Sigma rules, section Search-Identifier). */
export function readSelection(entry: MapEntry, names: NameSink, scope: Scope): Expression {
  const { value, key, keyAt } = entry;
  const line = scope.report.place(keyAt).line;
  if (value.kind === 'map') return readMap(value, keyAt, names, scope);
  if (value.kind === 'list') return readList(value, entry, names, scope);
  const message = `The selection \`${key}\` must be a map of fields, or a list of maps or words`;
  const code = isNull(value) ? 'detection/empty' : 'detection/invalid-item';
  const suggestion = isNull(value) ? undefined : `['${value.source}']`;
  scope.report.error({ code, at: placeOf(entry), message, suggestion });
  return nothing({ label: key, line });
}

function readMap(map: MapNode, keyAt: number, names: NameSink, scope: Scope): Expression {
  const line = scope.report.place(keyAt).line;
  if (map.entries.length === 0) {
    scope.report.error({ code: 'detection/empty', at: keyAt, message: 'An empty selection could only mean "always"' });
  }
  const items = map.entries.map((item) => readItem(item, names, scope)).filter((item) => item !== null);
  return items.length === 1 ? (items[0] as Expression) : all(items, { label: 'all of these', line });
}

/** Maps and words may be mixed; the words become one comparison. */
function readList(list: ListNode, { key, keyAt }: MapEntry, names: NameSink, scope: Scope): Expression {
  const line = scope.report.place(keyAt).line;
  if (list.items.length === 0) {
    scope.report.error({ code: 'detection/empty', at: keyAt, message: `The selection \`${key}\` is an empty list` });
  }
  for (const item of list.items) if (!isMapOrWord(item)) refuse(item, keyAt, scope);
  const maps = list.items.filter((item) => item.kind === 'map').map((map) => readMap(map, map.at, names, scope));
  const words = list.items.filter((item): item is ScalarNode => item.kind === 'scalar' && !isNull(item));
  const parts = words.length > 0 ? [...maps, readWords(words, list, keyAt, names, scope)] : maps;
  return parts.length === 1 ? (parts[0] as Expression) : any(parts, { label: 'any of these', line });
}

/** Words without a field are looked for everywhere (Sigma rules, section Keywords search). */
function readWords(words: ScalarNode[], list: ListNode, keyAt: number, names: NameSink, scope: Scope): Expression {
  const value: ListNode = { kind: 'list', items: words, at: list.at, size: list.size };
  const word = readItem({ key: '', keyAt, value }, names, scope);
  return word ?? nothing({ label: 'words', line: scope.report.place(keyAt).line });
}

function isMapOrWord(item: YamlNode): boolean {
  return item.kind === 'map' || (item.kind === 'scalar' && !isNull(item));
}

function refuse(item: YamlNode, keyAt: number, { report }: Scope): void {
  const at = item.kind === 'scalar' && item.source === '' ? keyAt : item.at;
  if (isNull(item)) {
    const message = 'Null cannot stand in a list';
    report.error({ code: 'detection/null-in-list', at, message });
  } else report.error({ code: 'detection/invalid-item', at, message: 'A selection lists maps or words, not lists' });
}

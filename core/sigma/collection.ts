import { SIGMA_LIMITS } from './limits.ts';
import type { ProblemReporter } from './problems.ts';
import { entryOf, type MapEntry, type MapNode, placeOf } from './yaml-node.ts';
import type { YamlDocument } from './yaml-reader.ts';

type Part = Pick<YamlDocument, 'map' | 'isSound'>;

const ACTIONS = ['global', 'reset', 'repeat'];

/**
 * Carries out the rule collections of Sigma 1: `global` gives its parts to the documents after it until `reset`, and
 * `repeat` is the document before it with changes.
 */
export function applyActions(documents: readonly YamlDocument[], report: ProblemReporter): YamlDocument[] {
  let shared: Part | null = null;
  let previous: Part | null = null;
  const result: YamlDocument[] = [];
  let size = 0;
  for (const { map, text, isSound } of documents) {
    if (size > SIGMA_LIMITS.nodes) {
      report.error({
        code: 'yaml/limit',
        at: map.at,
        message: 'The parts shared by `action` make the rules too large',
      });
      break;
    }
    const action = readAction(map, report);
    const own: Part = { map: action === null ? map : without(map, 'action'), isSound };
    if (action === 'reset') shared = null;
    if (action === 'reset' && own.map.entries.length === 0) continue;
    if (action === 'global') shared = shared ? join(shared, own) : own;
    else {
      previous = action === 'repeat' && previous ? join(previous, own) : shared ? join(shared, own) : own;
      size += previous.map.size;
      result.push({ ...previous, text });
    }
  }
  return result;
}

function readAction(map: MapNode, report: ProblemReporter): string | null {
  const entry = entryOf(map, 'action');
  if (!entry) return null;
  const action = entry.value.kind === 'scalar' ? String(entry.value.value) : '';
  if (ACTIONS.includes(action)) return action;
  const message = `There is no action \`${action}\`: only ${ACTIONS.join(', ')}`;
  report.error({ code: 'collection/action', at: placeOf(entry), message });
  return null;
}

function without(map: MapNode, key: string): MapNode {
  return { ...map, entries: map.entries.filter((entry) => entry.key !== key) };
}

function join(base: Part, over: Part): Part {
  return { map: merge(base.map, over.map), isSound: base.isSound && over.isSound };
}

/** Maps are merged, anything else is replaced. The place is that of the later document. */
function merge(base: MapNode, over: MapNode): MapNode {
  const later = new Map(over.entries.map((entry) => [entry.key, entry]));
  const kept = base.entries.map((entry) => mergeEntry(entry, later.get(entry.key)));
  const known = new Set(base.entries.map((entry) => entry.key));
  const entries = [...kept, ...over.entries.filter((entry) => !known.has(entry.key))];
  return { kind: 'map', at: over.at, size: base.size + over.size, entries };
}

function mergeEntry(base: MapEntry, over: MapEntry | undefined): MapEntry {
  if (!over) return base;
  return base.value.kind === 'map' && over.value.kind === 'map'
    ? { ...over, value: merge(base.value, over.value) }
    : over;
}

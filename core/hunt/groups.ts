import type { Ids } from '../store/case-columns.ts';
import type { EventIndex, TextColumn } from '../store/event-index.ts';
import type { RowMask } from './row-mask.ts';

/** A partition of all events: a key for each row, and what it stands for (null: what has no such thing). */
export interface Groups {
  readonly ids: Ids;
  /** Key of each id. */
  readonly keyOf: Uint32Array;
  readonly names: readonly (string | null)[];
}

/** What events can be grouped by besides columns of text. */
export type GroupBy = TextColumn | 'identity' | 'address' | 'object' | 'outcome' | 'code';

const known = new WeakMap<EventIndex, Map<GroupBy, Groups>>();

/** The groups of a kind, made once for an index. */
export function groupsOf(index: EventIndex, by: GroupBy): Groups {
  const kinds = known.get(index) ?? new Map<GroupBy, Groups>();
  known.set(index, kinds);
  const groups = kinds.get(by) ?? makeGroups(index, by);
  kinds.set(by, groups);
  return groups;
}

function makeGroups(index: EventIndex, by: GroupBy): Groups {
  switch (by) {
    case 'identity': {
      const users = index.texts('user');
      const impersonated = index.texts('impersonatedUser');
      return folded(users.ids, users.last, (id) => impersonated.read(id) ?? users.read(id));
    }
    case 'address': {
      const { ids, last, read } = index.texts('sourceIPs');
      return folded(ids, last, (id) => elements(read(id)).at(-1) ?? null);
    }
    case 'code': {
      const { ids, last, read } = index.codes();
      return folded(ids, last, (id) => read(id)?.toString() ?? null);
    }
    case 'outcome':
      return outcomes(index);
    case 'object':
      return objects(index);
    default: {
      const { ids, last, read } = index.texts(by);
      return folded(ids, last, read);
    }
  }
}

/** Ids with the same name have one key; only ids that occur are named. */
function folded(ids: Ids, last: number, nameOf: (id: number) => string | null): Groups {
  const isMet = new Uint8Array(last + 1);
  for (let row = 0; row < ids.length; row++) isMet[ids[row] as number] = 1;
  const keyOf = new Uint32Array(last + 1);
  const keys = new Map<string | null, number>();
  const names: (string | null)[] = [];
  for (let id = 0; id <= last; id++) {
    if (isMet[id] === 0) continue;
    const name = nameOf(id);
    let key = keys.get(name);
    if (key === undefined) {
      key = names.push(name) - 1;
      keys.set(name, key);
    }
    keyOf[id] = key;
  }
  return { ids, keyOf, names };
}

/** As `outcomeOf` of core/event judges, as far as columns tell: a connection that closed early is not told apart. */
function outcomes(index: EventIndex): Groups {
  const stages = index.texts('stage');
  const codes = index.codes();
  return folded(codes.ids, codes.last, (id) => outcome(stages.read(id), codes.read(id)));
}

function outcome(stage: string | null, code: number | null): string {
  if (stage === 'Panic') return 'failed';
  if (code === null || code === 401 || code === 403) return 'attempted';
  return code === 101 || (code >= 200 && code < 400) ? 'succeeded' : 'failed';
}

/** `namespace/resource/name`, `resource/name`: the objects that requests name. */
function objects(index: EventIndex): Groups {
  const { namespace, name, operation, count } = index.columns;
  const resources = groupsOf(index, 'resource');
  const spaces = index.terms;
  const ids = new Uint32Array(count);
  const keys = new Map<number, number>();
  const names: (string | null)[] = [null];
  const [width, depth] = [resources.names.length, index.terms.last + 1];
  for (let row = 0; row < count; row++) {
    const object = name[row] as number;
    if (object === 0) continue;
    const resource = resources.keyOf[operation[row] as number] as number;
    const key = (object * width + resource) * depth + (namespace[row] as number);
    let at = keys.get(key);
    if (at === undefined) {
      const parts = [spaces.text(namespace[row] as number), resources.names[resource], spaces.text(object)];
      at = names.push(parts.filter((part) => part !== null && part !== undefined).join('/')) - 1;
      keys.set(key, at);
    }
    ids[row] = at;
  }
  return { ids, keyOf: new Uint32Array(names.length).map((_, at) => at), names };
}

/** Elements of a list as a column keeps it. */
export function elements(text: string | null): readonly string[] {
  return text === null ? [] : (JSON.parse(text) as string[]);
}

/** Rows of the mask by id. */
export function countIds(ids: Ids, last: number, mask: RowMask): Uint32Array {
  const counts = new Uint32Array(last + 1);
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number;
    counts[id] = (counts[id] as number) + (mask[row] as number);
  }
  return counts;
}

/** Rows of the mask by key. */
export function countKeys({ ids, keyOf, names }: Groups, mask: RowMask): Uint32Array {
  const counts = new Uint32Array(names.length);
  countIds(ids, keyOf.length - 1, mask).forEach((count, id) => {
    if (count > 0) counts[keyOf[id] as number] = (counts[keyOf[id] as number] as number) + count;
  });
  return counts;
}

/** Places of the largest counts above 0, larger ones first, equal ones by `compare`. */
export function largest(counts: Uint32Array, most: number, compare: (a: number, b: number) => number): number[] {
  const sorted = counts.slice().sort();
  const least = Math.max(1, sorted[Math.max(0, sorted.length - most)] ?? 1);
  const places: number[] = [];
  counts.forEach((count, at) => {
    if (count >= least) places.push(at);
  });
  return places.sort((a, b) => (counts[b] as number) - (counts[a] as number) || compare(a, b)).slice(0, most);
}

/** By code units; null first. */
export function compareNames(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return a === null || (b !== null && a < b) ? -1 : 1;
}

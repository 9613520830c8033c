import { FIELD_ALIASES } from '../../event/aliases.ts';
import type { AuditEvent } from '../../event/audit-event.ts';
import { derivedField } from '../../event/derived.ts';
import type { EventSource } from '../../hunt/event-source.ts';
import { groupsOf } from '../../hunt/groups.ts';
import { readField } from '../../sigma/sigma.ts';
import type { EventIndex, TextColumn } from '../../store/event-index.ts';

/** A value that a field has in this case, and how many events have it. */
export interface CaseValue {
  readonly value: string;
  readonly events: number;
  /** Whether it was counted in all events, or in some of them. */
  readonly isWhole: boolean;
}

export interface BodyCount {
  readonly events: number;
  readonly withBody: number;
}

/** Fields whose values stand in columns. */
const COLUMNS: Readonly<Record<string, TextColumn>> = {
  verb: 'verb',
  stage: 'stage',
  level: 'level',
  userAgent: 'userAgent',
  sourceIPs: 'sourceIPs',
  'user.username': 'user',
  'user.groups': 'groups',
  'impersonatedUser.username': 'impersonatedUser',
  'objectRef.resource': 'resource',
  'objectRef.subresource': 'subresource',
  'objectRef.apiGroup': 'apiGroup',
  'objectRef.namespace': 'namespace',
  'objectRef.name': 'name',
  'annotations.authorization.k8s.io/decision': 'decision',
};

/** Columns whose values are lists, as JSON text. */
const LISTS: readonly TextColumn[] = ['groups', 'sourceIPs'];

/** Events read for a field that stands in no column: enough to know its usual values, and quick. */
const SAMPLED = 400;
const SAMPLED_BLOCKS = 8;
const LONGEST = 200;

/** Values that occur in a case, by field, found once for each. */
export class CaseValues {
  readonly #source: EventSource;
  readonly #known = new Map<string, readonly CaseValue[]>();
  readonly #bodies = new Map<'request' | 'response', ReadonlyMap<string, BodyCount>>();

  constructor(source: EventSource) {
    this.#source = source;
  }

  /** Most frequent first. Null where a field's values cannot be told without reading events; `sample` reads some. */
  ofColumn(field: string): readonly CaseValue[] | null {
    const path = FIELD_ALIASES[field]?.[0] ?? field;
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const values = path === 'responseStatus.code' ? this.#codes() : this.#column(COLUMNS[path]);
    if (values !== null) this.#known.set(path, values);
    return values;
  }

  /** The same, from some events where columns do not tell. */
  async of(field: string, signal: AbortSignal): Promise<readonly CaseValue[]> {
    const known = this.ofColumn(field) ?? this.#known.get(field);
    if (known !== undefined) return known;
    const counts = new Map<string, number>();
    for await (const event of this.#sample(signal)) {
      for (const value of valuesOf(event, field)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const values = ordered(counts, false);
    this.#known.set(field, values);
    return values;
  }

  /** Events of each resource, and those of them that hold a body. */
  bodies(body: 'request' | 'response'): ReadonlyMap<string, BodyCount> {
    const known = this.#bodies.get(body) ?? bodiesIn(this.#source.index, body);
    this.#bodies.set(body, known);
    return known;
  }

  #codes(): readonly CaseValue[] {
    const { ids, read } = this.#source.index.codes();
    return counted(ids, (id) => [String(read(id) ?? '')]);
  }

  #column(column: TextColumn | undefined): readonly CaseValue[] | null {
    if (column === undefined) return null;
    const { ids, read } = this.#source.index.texts(column);
    return counted(ids, (id) => {
      const text = read(id);
      return text === null ? [] : LISTS.includes(column) ? (JSON.parse(text) as string[]) : [text];
    });
  }

  /** Events with bodies, from a few blocks all over the case. */
  async *#sample(signal: AbortSignal): AsyncGenerator<AuditEvent> {
    const { index, records } = this.#source;
    for (const [id, rows] of spread(rowsWithBodies(index), SAMPLED_BLOCKS)) {
      signal.throwIfAborted();
      const block = await records.block(id);
      for (const row of spread(rows, SAMPLED / SAMPLED_BLOCKS))
        yield this.#source.event(index.columns.id[row] as number, block);
    }
  }
}

function bodiesIn(index: EventIndex, body: 'request' | 'response'): ReadonlyMap<string, BodyCount> {
  const { ids: readings, last, read } = index.readings();
  const flag = body === 'request' ? 'hasRequestBody' : 'hasResponseBody';
  const { ids, keyOf, names } = groupsOf(index, 'resource');
  const seen = new Uint8Array(last + 1);
  for (let row = 0; row < readings.length; row++) seen[readings[row] as number] = 1;
  const holds = seen.map((isSeen, id) => (isSeen === 1 && read(id).flags.includes(flag) ? 1 : 0));
  const [events, withBody] = [new Uint32Array(names.length), new Uint32Array(names.length)];
  for (let row = 0; row < ids.length; row++) {
    const key = keyOf[ids[row] as number] as number;
    events[key] = (events[key] as number) + 1;
    withBody[key] = (withBody[key] as number) + (holds[readings[row] as number] as number);
  }
  return new Map(
    names.flatMap((name, key) =>
      events[key] === 0
        ? []
        : [[name ?? '', { events: events[key] as number, withBody: withBody[key] as number }] as const],
    ),
  );
}

/** By block. */
function rowsWithBodies(index: EventIndex): [number, number[]][] {
  const { ids, read } = index.readings();
  const found = new Map<number, number[]>();
  for (let row = 0; row < ids.length; row++) {
    if (!read(ids[row] as number).flags.includes('hasRequestBody')) continue;
    const block = index.columns.block[row] as number;
    const rows = found.get(block);
    if (rows === undefined) found.set(block, [row]);
    else rows.push(row);
  }
  return [...found];
}

/** Some of the items, evenly taken. */
function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, index) => items[Math.floor(index * step)] as T);
}

function counted(ids: ArrayLike<number>, values: (id: number) => readonly string[]): CaseValue[] {
  const byId = new Map<number, number>();
  for (let row = 0; row < ids.length; row++) byId.set(ids[row] as number, (byId.get(ids[row] as number) ?? 0) + 1);
  const counts = new Map<string, number>();
  for (const [id, events] of byId) {
    for (const value of values(id)) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + events);
  }
  return ordered(counts, true);
}

function ordered(counts: ReadonlyMap<string, number>, isWhole: boolean): CaseValue[] {
  return [...counts]
    .map(([value, events]) => ({ value, events, isWhole }))
    .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1));
}

/** Texts that a rule would compare. */
export function valuesOf(event: AuditEvent, field: string): string[] {
  const derived = derivedField(field);
  const paths = [field, ...(FIELD_ALIASES[field] ?? [])];
  const raw = derived ? [derived(event)].flat() : paths.flatMap((path) => readField(event, path));
  const texts = raw.flatMap((value) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [],
  );
  return [...new Set(texts)].filter((text) => text !== '' && text.length <= LONGEST);
}

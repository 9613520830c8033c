import type { ColumnTexts, DispatchKey } from '../../detect/dispatch.ts';
import { FLAGS } from '../../event/columns.ts';
import type { EventIndex } from '../../store/event-index.ts';

/** Events of one kind are alike in all columns that dispatch asks about: what is decided for one is decided for all. */
export interface RowKinds {
  /** Kind of each row. */
  readonly of: Uint32Array;
  /** Some row of each kind. */
  readonly example: readonly number[];
  key(row: number, key: DispatchKey): DispatchKey;
  readonly texts: ColumnTexts;
}

const known = new WeakMap<EventIndex, RowKinds>();

/** The kinds of a case's events, found once: they depend on no rule. */
export function rowKinds(index: EventIndex): RowKinds {
  const kinds = known.get(index) ?? findKinds(index);
  known.set(index, kinds);
  return kinds;
}

const bitOf = (name: string): number => (FLAGS as Readonly<Record<string, number>>)[name] ?? 0;

const COLUMNS = ['operation', 'answer', 'actor', 'agent', 'namespace', 'address', 'reading'] as const;

function findKinds(index: EventIndex): RowKinds {
  const { columns } = index;
  let of: Uint32Array = new Uint32Array(columns.count);
  let example: number[] = columns.count === 0 ? [] : [0];
  // Column by column, each kind falls into those that differ in the next one.
  for (const column of COLUMNS) ({ of, example } = split(of, columns[column], example.length));
  const readings = index.readings();
  const flags = (id: number) => readings.read(id).flags.reduce((bits, name) => bits | bitOf(name), 0);
  return { of, example, key: keyReader(index, flags), texts: textsOf(index) };
}

function split(of: Uint32Array, ids: ArrayLike<number>, kinds: number): { of: Uint32Array; example: number[] } {
  const split = new Uint32Array(of.length);
  const found = Array.from({ length: kinds }, () => new Map<number, number>());
  const example: number[] = [];
  for (let row = 0; row < of.length; row++) {
    const inner = found[of[row] as number] as Map<number, number>;
    const id = ids[row] as number;
    let kind = inner.get(id);
    if (kind === undefined) {
      kind = example.length;
      inner.set(id, kind);
      example.push(row);
    }
    split[row] = kind;
  }
  return { of: split, example };
}

function keyReader({ columns }: EventIndex, flags: (reading: number) => number): RowKinds['key'] {
  return (row, key) => {
    key.operation = columns.operation[row] as number;
    key.answer = columns.answer[row] as number;
    key.actor = columns.actor[row] as number;
    key.agent = columns.agent[row] as number;
    key.namespace = columns.namespace[row] as number;
    key.address = columns.address[row] as number;
    key.flags = flags(columns.reading[row] as number);
    return key;
  };
}

function textsOf(index: EventIndex): ColumnTexts {
  const text = (column: Parameters<EventIndex['texts']>[0]) => index.texts(column).read;
  const [verb, apiGroup, resource, subresource] = [
    text('verb'),
    text('apiGroup'),
    text('resource'),
    text('subresource'),
  ];
  const [user, groups, impersonatedUser] = [text('user'), text('groups'), text('impersonatedUser')];
  const [stage, level, decision] = [text('stage'), text('level'), text('decision')];
  const codes = index.codes();
  return {
    operation: (id) => ({
      verb: verb(id),
      apiGroup: apiGroup(id),
      resource: resource(id),
      subresource: subresource(id),
    }),
    actor: (id) => ({ user: user(id), groups: listOf(groups(id)), impersonatedUser: impersonatedUser(id) }),
    answer: (id) => ({ stage: stage(id), level: level(id), code: codes.read(id), decision: decision(id) }),
    text: (id) => index.terms.text(id),
    addresses: (id) => listOf(index.terms.text(id)),
  };
}

const listOf = (text: string | null): string[] | null => (text === null ? null : JSON.parse(text));

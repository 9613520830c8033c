import { type ColumnTexts, type DispatchKey, fillKey } from '../detect/dispatch.ts';
import { FLAGS } from '../event/columns.ts';
import type { EventIndex } from '../store/event-index.ts';

/** The columns of a case as dispatch asks for them. */
export interface RowKeys {
  /** Fills the key with the columns of a row. */
  key(row: number, key: DispatchKey): DispatchKey;
  readonly texts: ColumnTexts;
}

export function rowKeys(index: EventIndex): RowKeys {
  const readings = index.readings();
  const known: number[] = [];
  const flags = (id: number): number => {
    known[id] ??= readings.read(id).flags.reduce((bits, name) => bits | bitOf(name), 0);
    return known[id];
  };
  const { columns } = index;
  return {
    key: (row, key) => fillKey(key, columns, row, flags(columns.reading[row] as number)),
    texts: textsOf(index),
  };
}

const bitOf = (name: string): number => (FLAGS as Readonly<Record<string, number>>)[name] ?? 0;

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

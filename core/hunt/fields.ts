import type { AuditEvent } from '../event/audit-event.ts';
import { DERIVED_FIELDS, derivedField } from '../event/derived.ts';
import { NARROW_COLUMNS, type NarrowColumn, type RangeColumn } from './narrow.ts';
import { nearest } from './nearest.ts';
import { queryFault } from './query-fault.ts';
import { hasWildcard, type Word } from './word.ts';

/** Where a field of a query is looked up. */
export type Field =
  | { readonly kind: 'text' | 'list'; readonly column: NarrowColumn }
  | { readonly kind: 'range'; readonly column: RangeColumn }
  | { readonly kind: 'id' }
  | { readonly kind: 'flags' }
  /** The last of the source addresses: the one that is no claim. */
  | { readonly kind: 'lastAddress' }
  /** Computed from the event by core/event (docs/fields.md). */
  | { readonly kind: 'derived'; readonly read: (event: AuditEvent) => unknown }
  /** Steps into the audit event; a key may itself hold dots. */
  | { readonly kind: 'path'; readonly steps: readonly string[] };

const LISTS: readonly NarrowColumn[] = ['groups', 'sourceIPs'];

/** Names that may be written in any case. */
const NAMES: ReadonlyMap<string, Field> = new Map([
  ...NARROW_COLUMNS.map((column): [string, Field] => [column.toLowerCase(), columnField(column)]),
  ...names({ kind: 'range', column: 'code' }, 'code', 'status'),
  ...names({ kind: 'range', column: 'time' }, 'time', 'requestReceivedTimestamp'),
  ...names({ kind: 'range', column: 'stageTime' }, 'stageTime', 'stageTimestamp'),
  ...names({ kind: 'id' }, 'id'),
  ...names({ kind: 'flags' }, 'flag', 'flags'),
  ...names({ kind: 'path', steps: ['requestURI'] }, 'requestURI', 'uri'),
  ...names(columnField('user'), 'username'),
  ...names(columnField('groups'), 'group'),
  ...names(columnField('impersonatedUser'), 'impersonated'),
  ...names(columnField('sourceIPs'), 'ip', 'sourceIP'),
  ...names(columnField('userAgent'), 'agent'),
  ...names(columnField('subresource'), 'sub'),
  ...names(columnField('namespace'), 'ns'),
  ...names(columnField('auditID'), 'audit'),
]);

/** Top-level keys of an audit event that are no column. */
const KEYS = ['kind', 'apiVersion', 'objectRef', 'responseStatus', 'requestObject', 'responseObject', 'annotations'];

/** Paths whose values stand in a column, so that columns can decide about them. */
const PATHS: ReadonlyMap<string, Field> = new Map([
  ['user.username', columnField('user')],
  ['user.groups', columnField('groups')],
  ['impersonatedUser.username', columnField('impersonatedUser')],
  ['objectRef.apiGroup', columnField('apiGroup')],
  ['objectRef.resource', columnField('resource')],
  ['objectRef.subresource', columnField('subresource')],
  ['objectRef.namespace', columnField('namespace')],
  ['objectRef.name', columnField('name')],
  ['responseStatus.code', { kind: 'range', column: 'code' }],
  ['annotations.authorization.k8s.io/decision', columnField('decision')],
  ['decklog.sourceIP', { kind: 'lastAddress' }],
]);

/** Short names, for suggestions and completion. */
export const FIELD_NAMES: readonly string[] = [
  ...NARROW_COLUMNS,
  ...[
    'code',
    'time',
    'stageTime',
    'id',
    'flag',
    'requestURI',
    'uri',
    'ip',
    'agent',
    'sub',
    'ns',
    'impersonated',
    'group',
  ],
  ...KEYS,
];

/** Looks a field up. A name with a dot is always a path into the event; a leading dot makes one of any name. */
export function fieldOf(query: string, word: Word): Field {
  if (hasWildcard(word)) throw wildcardFault(query, word);
  const known = NAMES.get(word.text.toLowerCase()) ?? PATHS.get(word.text);
  if (known) return known;
  if (word.text.startsWith('decklog.')) return derivedOf(query, word);
  const text = word.text.startsWith('.') ? word.text.slice(1) : word.text;
  const isPath = word.text.includes('.') || KEYS.includes(text);
  if (!isPath) throw unknownFault(query, word);
  if (text.split('.').includes('')) throw emptyStepFault(query, word);
  return { kind: 'path', steps: text.split('.') };
}

function derivedOf(query: string, word: Word): Field {
  const read = derivedField(word.text);
  if (read) return { kind: 'derived', read };
  const names = DERIVED_FIELDS.map((field) => field.name);
  const near = nearest(word.text, names);
  const hint = `${near ? `Did you mean "${near}"? ` : ''}All of them stand in docs/fields.md.`;
  throw queryFault(query, word.offset, `There is no field "${word.text}".`, hint);
}

function columnField(column: NarrowColumn): Field {
  return { kind: LISTS.includes(column) ? 'list' : 'text', column };
}

function names(field: Field, ...aliases: readonly string[]): [string, Field][] {
  return aliases.map((alias) => [alias.toLowerCase(), field]);
}

function unknownFault(query: string, word: Word): Error {
  if (word.text.startsWith('-') || word.text.startsWith('!')) {
    const hint = `Write: not ${word.text.slice(1)}:...`;
    return queryFault(query, word.offset, `A field name cannot begin with "${word.text[0]}".`, hint);
  }
  const near = nearest(word.text, FIELD_NAMES);
  const otherwise = `To search for text that holds a colon, put it in quotes; to reach an unusual key, write .${word.text}:...`;
  const hint = near ? `Did you mean "${near}"? ${otherwise}` : otherwise;
  return queryFault(query, word.offset, `There is no field "${word.text}".`, hint);
}

function wildcardFault(query: string, word: Word): Error {
  const hint = 'To search all fields write the text alone, without a field.';
  return queryFault(query, word.offset, 'A field name holds no wildcards.', hint);
}

function emptyStepFault(query: string, word: Word): Error {
  return queryFault(query, word.offset, `"${word.text}" is no path.`, 'Write steps with one dot between them.');
}

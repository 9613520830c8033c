import type { AuditEvent } from '../../event/audit-event.ts';

/** The narrow columns of a request that baselines may ask for: what stands in no body and is no single object's name. */
export const COLUMNS = ['actor', 'address', 'agent', 'operation', 'namespace', 'answer'] as const;
export type Column = (typeof COLUMNS)[number];

/** What the columns of one request say, as the case's dictionaries spell it; null: the event has no such field. */
export interface ColumnValues {
  actor(id: number): {
    readonly user: string | null;
    readonly groups: readonly string[] | null;
    readonly impersonatedUser: string | null;
  };
  address(id: number): readonly string[] | null;
  text(id: number): string | null;
  operation(id: number): {
    readonly verb: string | null;
    readonly apiGroup: string | null;
    readonly resource: string | null;
    readonly subresource: string | null;
  };
  answer(id: number): {
    readonly stage: string | null;
    readonly level: string | null;
    readonly code: number | null;
    readonly decision: string | null;
  };
}

/** The columns that decide each field. A rule of other fields has to see events. */
const COLUMNS_OF: Readonly<Record<string, readonly Column[]>> = {
  verb: ['operation'],
  apiGroup: ['operation'],
  resource: ['operation'],
  subresource: ['operation'],
  'objectRef.apiGroup': ['operation'],
  'objectRef.resource': ['operation'],
  'objectRef.subresource': ['operation'],
  namespace: ['namespace'],
  'objectRef.namespace': ['namespace'],
  username: ['actor'],
  groups: ['actor'],
  'user.username': ['actor'],
  'user.groups': ['actor'],
  'impersonatedUser.username': ['actor'],
  'decklog.actor': ['actor'],
  'decklog.actor.kind': ['actor'],
  'decklog.actor.namespace': ['actor'],
  'decklog.user.kind': ['actor'],
  'decklog.actor.foreign': ['actor', 'operation', 'namespace'],
  sourceIPs: ['address'],
  'decklog.sourceIP': ['address'],
  'decklog.sourceIP.scope': ['address'],
  'decklog.sourceIP.network': ['address'],
  'decklog.sourceIP.claimed': ['address'],
  'decklog.sourceIP.claimedScope': ['address'],
  userAgent: ['agent'],
  'decklog.client': ['agent'],
  stage: ['answer'],
  level: ['answer'],
  'responseStatus.code': ['answer'],
  'annotations.authorization.k8s.io/decision': ['answer'],
};

/** The columns that a set of fields needs, or null if one of them stands in no column. */
export function columnsOf(fields: readonly string[]): readonly Column[] | null {
  const needed = new Set<Column>();
  for (const field of fields) {
    if (!Object.hasOwn(COLUMNS_OF, field)) return null;
    for (const column of COLUMNS_OF[field] ?? []) needed.add(column);
  }
  return COLUMNS.filter((column) => needed.has(column));
}

/** The ids of one combination, in the order of `COLUMNS`. */
export type Ids = ArrayLike<number>;

/** An event that says what those columns of a combination say and nothing else, for rules that ask for nothing else. */
export function eventOfColumns(ids: Ids, columns: readonly Column[], values: ColumnValues): AuditEvent {
  const event: Record<string, unknown> = {};
  const ref: Record<string, unknown> = {};
  for (const column of columns) {
    const id = ids[COLUMNS.indexOf(column)] as number;
    if (column === 'actor') putActor(event, values.actor(id));
    else if (column === 'address') put(event, 'sourceIPs', values.address(id));
    else if (column === 'agent') put(event, 'userAgent', values.text(id));
    else if (column === 'namespace') put(ref, 'namespace', values.text(id));
    else if (column === 'answer') putAnswer(event, values.answer(id));
    else putOperation(event, ref, values.operation(id));
  }
  if (Object.keys(ref).length > 0) event['objectRef'] = ref;
  return event;
}

function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== null) target[key] = value;
}

function putActor(event: Record<string, unknown>, actor: ReturnType<ColumnValues['actor']>): void {
  const user: Record<string, unknown> = {};
  put(user, 'username', actor.user);
  put(user, 'groups', actor.groups);
  event['user'] = user;
  if (actor.impersonatedUser !== null) event['impersonatedUser'] = { username: actor.impersonatedUser };
}

function putOperation(
  event: Record<string, unknown>,
  ref: Record<string, unknown>,
  { verb, apiGroup, resource, subresource }: ReturnType<ColumnValues['operation']>,
): void {
  put(event, 'verb', verb);
  put(ref, 'resource', resource);
  put(ref, 'apiGroup', apiGroup);
  put(ref, 'subresource', subresource);
}

function putAnswer(event: Record<string, unknown>, answer: ReturnType<ColumnValues['answer']>): void {
  put(event, 'stage', answer.stage);
  put(event, 'level', answer.level);
  if (answer.code !== null) event['responseStatus'] = { code: answer.code };
  if (answer.decision !== null) event['annotations'] = { 'authorization.k8s.io/decision': answer.decision };
}

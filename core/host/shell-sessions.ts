import type { ShellSession } from '../contract/entity-calls.ts';
import type { Page, Scope } from '../contract/scope.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import { execCommand, proxyPath, queryValues } from '../event/connection.ts';
import { asList, at, textOf } from '../event/value.ts';
import { groupsOf } from '../hunt/groups.ts';
import { both, maskOf } from '../hunt/row-mask.ts';
import type { EventFields } from '../store/event-reader.ts';
import type { CallScope } from './call-scope.ts';
import { readLines } from './event-batch.ts';
import { eventOf } from './event-rows.ts';
import { decided } from './hunt-scope.ts';
import { type Hunting, huntingOf } from './hunting.ts';

const KINDS: Readonly<Record<string, ShellSession['kind']>> = {
  exec: 'exec',
  attach: 'attach',
  portforward: 'portforward',
  proxy: 'proxy',
  ephemeralcontainers: 'ephemeral',
};

/** A proxy is a session only where it runs a command on a kubelet. */
const isSession = (kind: ShellSession['kind'], verb: string | null, event: AuditEvent): boolean =>
  kind === 'proxy' ? execCommand(event) !== undefined : kind !== 'ephemeral' || verb === 'update' || verb === 'patch';

const FOLLOWED_US = 10 * 60 * 1_000_000;
const MOST_FOLLOWED = 8;
const MOST_LOOKED_AT = 5_000;

/** Shells, attachments and forwarded ports among the events of a scope, by time; `after` is the event of the last one. */
export async function sessionPage(
  { scope: asked, after, limit }: { readonly scope: Scope; readonly after?: number; readonly limit: number },
  scope: CallScope,
): Promise<Page<ShellSession, number>> {
  const { store, signal } = scope;
  const hunting = huntingOf(store);
  const { index } = hunting.source;
  const streams = maskOf(
    { column: 'subresource', accepts: (name) => name !== null && Object.hasOwn(KINDS, name) },
    index,
  );
  const mask = both(streams, (await decided(asked, scope)).mask);
  const sessions: ShellSession[] = [];
  const start = after === undefined ? 0 : index.rowOf(after) + 1;
  for (let row = start; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    signal.throwIfAborted();
    const session = await sessionAt(row, hunting, scope);
    if (session !== null) sessions.push(session);
    if (sessions.length > limit) break;
  }
  const rows = sessions.slice(0, limit);
  return { rows, next: sessions.length > limit ? (rows.at(-1)?.event ?? null) : null };
}

/** The session that begins with the event of a row, which is the first stage of its request; else null. */
async function sessionAt(row: number, hunting: Hunting, { store }: CallScope): Promise<ShellSession | null> {
  const { columns } = hunting.source.index;
  const first = store.events.get(columns.id[row] as number) as EventFields;
  const stages = first.time === null ? [first] : stagesOf(first, store.events.atTime(first.time));
  const last = stages.at(-1) ?? first;
  const kind = KINDS[first.subresource ?? ''];
  if (stages[0]?.id !== first.id || kind === undefined) return null;
  const event = eventOf(store.events, last.id);
  if (!isSession(kind, first.verb, event)) return null;
  const ended = last.stage === 'ResponseComplete' && last.stageTime !== null && first.time !== null;
  const followed = followedBy(row, last, hunting);
  return {
    event: last.id,
    kind,
    user: last.impersonatedUser ?? last.user ?? '',
    namespace: last.namespace,
    pod: last.name,
    container: queryValues(event, 'container')[0] ?? debugContainer(event),
    command: commandOf(kind, event),
    isInteractive: queryValues(event, 'tty').includes('true') || queryValues(event, 'stdin').includes('true'),
    ports: queryValues(event, 'ports'),
    sourceIPs: JSON.parse(last.sourceIPs ?? '[]'),
    userAgent: last.userAgent,
    startedAt: first.time,
    duration: ended ? (last.stageTime as number) - (first.time as number) : null,
    code: last.code,
    followed: await readLines(followed.ids, store),
    followedText: followed.text,
  };
}

function stagesOf(event: EventFields, near: readonly EventFields[]): EventFields[] {
  return near
    .filter(({ auditID, cluster }) => auditID === event.auditID && cluster === event.cluster)
    .sort((a, b) => (a.stageTime ?? 0) - (b.stageTime ?? 0) || a.id - b.id);
}

function commandOf(kind: ShellSession['kind'], event: AuditEvent): readonly string[] {
  if (kind === 'exec') return queryValues(event, 'command');
  if (kind === 'proxy') return [execCommand(event) ?? proxyPath(event) ?? ''];
  return [];
}

/** Name of the container that a debugger adds. */
function debugContainer(event: AuditEvent): string | null {
  const containers = asList(at(event.requestObject, ['spec', 'ephemeralContainers']));
  return textOf(containers.at(-1), 'name') ?? null;
}

/** What the same identity did in the ten minutes after: the next events, and a count of all. */
function followedBy(row: number, last: EventFields, { source: { index } }: Hunting): { ids: number[]; text: string } {
  const { time, id } = index.columns;
  const { ids: keys, keyOf } = groupsOf(index, 'identity');
  const verbs = index.texts('verb');
  const resources = index.texts('resource');
  const self = keyOf[keys[row] as number];
  const from = last.stageTime ?? (time[row] as number);
  const found: number[] = [];
  const counts = new Map<string, number>();
  for (let at = row + 1; at < Math.min(time.length, row + MOST_LOOKED_AT); at++) {
    if (!((time[at] as number) - from <= FOLLOWED_US)) break;
    if (keyOf[keys[at] as number] !== self || id[at] === last.id) continue;
    if (found.length < MOST_FOLLOWED) found.push(id[at] as number);
    const deed = `${verbs.read(verbs.ids[at] as number)} ${resources.read(resources.ids[at] as number) ?? 'no resource'}`;
    counts.set(deed, (counts.get(deed) ?? 0) + 1);
  }
  const most = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 4);
  const text = most.map(([deed, count]) => `${count} x ${deed}`).join(', ');
  return {
    ids: found,
    text: text === '' ? 'nothing by the same identity within ten minutes' : `within ten minutes: ${text}`,
  };
}

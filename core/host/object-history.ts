import type { HistoryState, ObjectHistory, ObjectName } from '../contract/rows.ts';
import { objectName } from '../event/owner.ts';
import { summarise } from '../event/summary.ts';
import { formatTime } from '../event/time.ts';
import { CaseError } from '../fault.ts';
import { type NumberedEvent, type ObjectState, statesOf } from '../history/object-states.ts';
import type { Narrow } from '../hunt/narrow.ts';
import { maskOf } from '../hunt/row-mask.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { EventIndex } from '../store/event-index.ts';
import type { EventFields } from '../store/event-reader.ts';
import type { CallContext } from './api.ts';
import { eventOf } from './event-rows.ts';
import { type Hunting, huntingOf } from './hunting.ts';

/** Requests of one object that are told; of more only the last. */
const MOST_REQUESTS = 20_000;

/** Reads `payments/pods/web-0`, `clusterroles/ops`, `payments/deployments.apps/web`. Raises `usage`. */
export function parseObject(text: string): ObjectName {
  const parts = text.split('/');
  const [name, resource, namespace] = parts.toReversed();
  if (parts.length < 2 || parts.length > 3 || parts.includes('') || name === undefined || resource === undefined) {
    throw new CaseError('usage', `${text} is no object.`, {
      hint: 'Write namespace/resource/name, or resource/name for what has no namespace: payments/pods/web-0, clusterroles/ops.',
    });
  }
  const dot = resource.indexOf('.');
  return {
    namespace: namespace ?? null,
    resource: dot < 0 ? resource : resource.slice(0, dot),
    apiGroup: dot < 0 ? null : resource.slice(dot + 1),
    name,
  };
}

/** All that the log tells of one object. Raises `object/unknown` where no request names it. */
export async function historyOf(object: ObjectName, store: CaseStore, context: CallContext): Promise<ObjectHistory> {
  const hunting = huntingOf(store);
  const { events, isCut } = await eventsOfObject(object, hunting, store, context.signal);
  if (events.length === 0) {
    throw new CaseError('object/unknown', `No request of this case names ${written(object)}.`, {
      hint: '`decklog entities <case> objects` lists the objects that requests name.',
    });
  }
  const states = statesOf(object.name, events);
  return {
    object,
    exists: existence(states),
    states: states.map((state) => toState(state, store)),
    notes: notesOf(states, events.length, isCut),
  };
}

const written = ({ namespace, resource, apiGroup, name }: ObjectName): string =>
  [namespace, apiGroup === null ? resource : `${resource}.${apiGroup}`, name].filter((part) => part !== null).join('/');

/** Requests of an object in order, each represented by its last stage. */
export async function eventsOfObject(
  object: ObjectName,
  hunting: Hunting,
  store: CaseStore,
  signal: AbortSignal,
): Promise<{ events: NumberedEvent[]; isCut: boolean }> {
  const rows = lastStages(rowsOf(maskOf(objectNarrow(object), hunting.source.index)), hunting.source.index, store);
  const kept = rows.slice(-MOST_REQUESTS);
  const mask = new Uint8Array(hunting.source.index.columns.count);
  for (const row of kept) mask[row] = 1;
  const found: (NumberedEvent & { readonly row: number })[] = [];
  for await (const { row, event, fields } of hunting.eventsOf({ mask }, signal))
    if (fields.name === object.name || MANY.has(fields.verb) || objectName(event) === object.name)
      found.push({ row, id: fields.id, event });
  found.sort((a, b) => a.row - b.row);
  return { events: found, isCut: kept.length < rows.length };
}

/** Verbs that are about objects which the request does not name. */
const MANY: ReadonlySet<string | null> = new Set(['deletecollection', 'list']);
const NAMELESS: ReadonlySet<string | null> = new Set(['create', 'deletecollection', 'list']);
/** Streams and reads of parts say nothing about the object. */
const ASIDE: ReadonlySet<string | null> = new Set(['exec', 'attach', 'portforward', 'log', 'proxy', 'token']);

function objectNarrow({ namespace, resource, apiGroup, name }: ObjectName): Narrow {
  const is = (wanted: string | null) => (value: string | null) => (value ?? '') === (wanted ?? '');
  return {
    and: [
      { column: 'resource', accepts: is(resource) },
      {
        column: 'namespace',
        accepts: (value) => (value ?? '') === (namespace ?? '') || (resource === 'namespaces' && value === name),
      },
      ...(apiGroup === null ? [] : [{ column: 'apiGroup', accepts: is(apiGroup) } as const]),
      { column: 'subresource', accepts: (value) => !ASIDE.has(value) },
      {
        or: [
          { column: 'name', accepts: is(name) },
          {
            and: [
              { column: 'name', accepts: (value) => value === null },
              { column: 'verb', accepts: (verb) => NAMELESS.has(verb) },
              {
                or: [
                  { column: 'flags', acceptsFlag: (flag) => flag === 'hasResponseBody' },
                  { column: 'verb', accepts: (verb) => verb === 'deletecollection' },
                ],
              },
            ],
          },
        ],
      },
    ],
  };
}

function rowsOf(mask: Uint8Array): number[] {
  const rows: number[] = [];
  mask.forEach((value, row) => {
    if (value === 1) rows.push(row);
  });
  return rows;
}

/** Stages of a request share id and received time: the last of them says how it ended. */
export function lastStages(rows: readonly number[], { columns }: EventIndex, store: CaseStore): number[] {
  const last = new Map<string, { row: number; at: number }>();
  for (const row of rows) {
    const { auditID, cluster, time } = store.events.get(columns.id[row] as number) as EventFields;
    const key = JSON.stringify([auditID, cluster, time]);
    const at = columns.elapsed[row] as number;
    const before = last.get(key);
    if (before === undefined || at >= before.at) last.set(key, { row, at });
  }
  return [...last.values()].map(({ row }) => row).sort((a, b) => a - b);
}

function existence(states: readonly ObjectState[]): ObjectHistory['exists'] {
  const last = states.findLast(({ step }) => step !== 'attempt' && step !== 'touched');
  if (last === undefined) return 'unknown';
  if (last.step === 'deleted') return last.sureness === 'unknown' ? 'unknown' : 'no';
  return 'yes';
}

function toState(state: ObjectState, store: CaseStore): HistoryState {
  const fields = store.events.get(state.event) as EventFields;
  return {
    ...state,
    auditID: fields.auditID,
    time: fields.time === null ? null : formatTime(fields.time),
    user: fields.impersonatedUser ?? fields.user ?? '',
    verb: fields.verb ?? '',
    subresource: fields.subresource,
    code: fields.code,
    summary: summarise(eventOf(store.events, state.event)),
  };
}

function notesOf(states: readonly ObjectState[], requests: number, isCut: boolean): string[] {
  const first = states.find(({ step }) => step !== 'attempt' && step !== 'touched');
  const unknown = states.filter(({ sureness, step }) => sureness === 'unknown' && step !== 'attempt').length;
  if (states.length === 0) return ['The log holds only reads of it, without their answers.'];
  return [
    ...(isCut ? [`Only the last ${MOST_REQUESTS} requests are told.`] : []),
    ...(first !== undefined && first.step !== 'created'
      ? ['It was made before this log begins, or its making was not recorded: how it was then is not known.']
      : []),
    ...(unknown > 0 ? [`Of ${unknown} of ${requests} requests no body was recorded.`] : []),
  ];
}

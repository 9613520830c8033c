import type { Access } from '../contract/rows.ts';
import { accountOf } from '../event/identity.ts';
import { objectName } from '../event/owner.ts';
import { parseRequestUri } from '../event/request-uri.ts';
import { formatTime } from '../event/time.ts';
import { asList, asText, at, own } from '../event/value.ts';
import { CaseError } from '../fault.ts';
import { type Bound, bindingsOf, grantsOf, judged, MASTERS, rulesOf, type Use } from '../history/access.ts';
import { leastRoles, leastRoleYaml } from '../history/least-role.ts';
import type { NumberedEvent } from '../history/object-states.ts';
import { type Binding, bindingOfReason, type RbacObject, type RbacState, rbacState } from '../history/rbac.ts';
import { elements, groupsOf } from '../hunt/groups.ts';
import { maskOf } from '../hunt/row-mask.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { CallContext } from './api.ts';
import { eventOf } from './event-rows.ts';
import { type Hunting, huntingOf } from './hunting.ts';
import { lastStages } from './object-history.ts';

const GROUP = 'rbac.authorization.k8s.io';
/** Requests of one kind of which the server's reason is read, the first and the last ones. */
const SAMPLES = 3;
/** Requests without a resource that are read for their paths. */
const MOST_PATHS = 2_000;

/** What an identity could do at a time (microseconds; null: when the log ends), and what it did until then. */
export async function accessOf(
  asked: string,
  time: number | null,
  store: CaseStore,
  { signal }: CallContext,
): Promise<Access> {
  const hunting = huntingOf(store);
  const state = rbacState(await rbacObjects(hunting, store, time, signal));
  const { name, kind } = subjectOf(asked, hunting, state);
  const rows = rowsOfIdentity(hunting, name, time);
  const groups = kind === 'group' ? [name] : groupsOfIdentity(hunting, name, kind, rows);
  const { uses, reasons } = usesOf(hunting, store, rows);
  const standing = reasons.filter(({ key, event }) => !isGone(state.gone.get(key), event, hunting));
  const bound = bindingsOf(name, groups, [...state.bindings, ...standing]);
  const grants = grantsOf(bound, groups, state, uses);
  const isBlind = bound.some(({ role }) => rulesOf(role, state.roles) === null);
  const hasBodies = state.bindings.length > 0;
  return {
    subject: { name, kind, groups },
    at: time === null ? null : formatTime(time),
    bindings: bound.map(({ key, namespace, role, via, known, event }) => ({
      ...{ binding: key, namespace, role, via, known, event },
      hasRules: rulesOf(role, state.roles) !== null,
    })),
    grants,
    used: judged(uses, grants),
    notes: notesOf(bound, state, groups, isBlind, hasBodies),
    leastRole: leastRoleYaml(leastRoles(name, uses)),
  };
}

/** Whether a binding was deleted after its use. */
function isGone(deletion: number | undefined, use: number, { source: { index } }: Hunting): boolean {
  return deletion !== undefined && index.rowOf(deletion) > index.rowOf(use);
}

/** All roles and bindings with their requests until a time. */
async function rbacObjects(
  hunting: Hunting,
  store: CaseStore,
  time: number | null,
  signal: AbortSignal,
): Promise<RbacObject[]> {
  const { index } = hunting.source;
  const mask = maskOf(
    {
      and: [
        { column: 'apiGroup', accepts: (group) => group === GROUP },
        { column: 'time', min: Number.NEGATIVE_INFINITY, max: time ?? Number.POSITIVE_INFINITY },
        {
          or: [
            { not: { column: 'verb', accepts: (verb) => verb === 'get' || verb === 'list' || verb === 'watch' } },
            { column: 'flags', acceptsFlag: (flag) => flag === 'hasResponseBody' },
          ],
        },
      ],
    },
    index,
  );
  const rows: number[] = [];
  mask.forEach((value, row) => {
    if (value === 1) rows.push(row);
  });
  const kept = new Uint8Array(mask.length);
  for (const row of lastStages(rows, index, store)) kept[row] = 1;
  const events: (NumberedEvent & {
    readonly row: number;
    readonly place: string;
    readonly names: readonly string[];
  })[] = [];
  for await (const { row, event, fields } of hunting.eventsOf({ mask: kept }, signal)) {
    const place = JSON.stringify([fields.resource, fields.namespace]);
    const listed = asList(own(event.responseObject, 'items')).flatMap(
      (item) => asText(at(item, ['metadata', 'name'])) ?? [],
    );
    const name = objectName(event);
    events.push({ row, id: fields.id, event, place, names: name === undefined ? listed : [name] });
  }
  events.sort((a, b) => a.row - b.row);
  return grouped(events);
}

type Placed = NumberedEvent & { readonly place: string; readonly names: readonly string[] };

/** By object; a deletion of many concerns all of its place. */
function grouped(events: readonly Placed[]): RbacObject[] {
  const objects = new Map<string, { place: string; name: string; events: NumberedEvent[] }>();
  for (const event of events) {
    for (const name of event.names) {
      const key = `${event.place} ${name}`;
      const object = objects.get(key) ?? { place: event.place, name, events: [] };
      object.events.push(event);
      objects.set(key, object);
    }
    if (event.names.length === 0 && event.event.verb === 'deletecollection')
      for (const object of objects.values()) if (object.place === event.place) object.events.push(event);
  }
  return [...objects.values()].map(({ place, name, events: own }) => {
    const [resource, namespace] = JSON.parse(place) as [string, string | null];
    return { resource, namespace, name, events: own };
  });
}

/** The identity that is meant: a user name as it stands, `namespace:name` of a service account, or a group. */
function subjectOf(
  asked: string,
  hunting: Hunting,
  { bindings }: RbacState,
): { name: string; kind: Access['subject']['kind'] } {
  const { index } = hunting.source;
  const identities = new Set(groupsOf(index, 'identity').names);
  const subjects = bindings.flatMap((binding) => binding.subjects);
  const isKnown = (name: string) =>
    identities.has(name) || subjects.some((subject) => subject.kind !== 'Group' && subject.name === name);
  const account = /^([^:/]+)[:/]([^:/]+)$/.exec(asked);
  const names = [asked, ...(account === null ? [] : [`system:serviceaccount:${account[1]}:${account[2]}`])];
  const found = names.find(isKnown);
  if (found !== undefined)
    return { name: found, kind: accountOf(found).kind === 'service-account' ? 'serviceaccount' : 'user' };
  const { last, read } = index.texts('groups');
  const isMember = Array.from({ length: last + 1 }, (_, id) => id).some((id) => elements(read(id)).includes(asked));
  if (isMember || subjects.some((subject) => subject.kind === 'Group' && subject.name === asked))
    return { name: asked, kind: 'group' };
  throw new CaseError('entity/unknown', `No request of this case is by ${asked}, and no binding names it.`, {
    hint: '`decklog entities <case> users` lists those who acted.',
  });
}

function rowsOfIdentity({ source: { index } }: Hunting, name: string, time: number | null): number[] {
  const { ids, keyOf, names } = groupsOf(index, 'identity');
  const key = names.indexOf(name);
  const rows: number[] = [];
  if (key < 0) return rows;
  for (let row = 0; row < ids.length; row++) {
    const isBefore = time === null || !((index.columns.time[row] as number) > time);
    if (keyOf[ids[row] as number] === key && isBefore) rows.push(row);
  }
  return rows;
}

/** Groups as the last request has them; those that every service account has. */
function groupsOfIdentity(
  { source: { index } }: Hunting,
  name: string,
  kind: Access['subject']['kind'],
  rows: readonly number[],
): string[] {
  const groups = index.texts('groups');
  const impersonated = index.texts('impersonatedUser');
  const own = rows.findLast((row) => impersonated.read(impersonated.ids[row] as number) === null);
  const said = own === undefined ? [] : elements(groups.read(groups.ids[own] as number));
  const namespace = kind === 'serviceaccount' ? name.split(':')[2] : undefined;
  const given =
    namespace === undefined
      ? []
      : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return [...new Set([...said, ...given])].sort();
}

interface Tally {
  readonly rows: number[];
  readonly stages: Map<number, { allowed: number; denied: number }>;
}

/** Requests by kind, and the bindings that the server named when it allowed them. */
function usesOf(hunting: Hunting, store: CaseStore, rows: readonly number[]): { uses: Use[]; reasons: Binding[] } {
  const { index } = hunting.source;
  const { operation, namespace } = index.columns;
  const tallies = new Map<string, Tally>();
  const resources = index.texts('resource');
  let paths = 0;
  for (const row of rows) {
    const isPath = resources.read(operation[row] as number) === null;
    if (isPath && ++paths > MOST_PATHS) continue;
    const url = isPath ? pathOf(store, index.columns.id[row] as number) : null;
    add(tallies, JSON.stringify([operation[row], namespace[row], url]), row, hunting);
  }
  const uses = [...tallies].map(([key, tally]) => useOf(key, tally, hunting)).sort(byPlace);
  const reasons = [...tallies.values()].flatMap(({ rows: own }) => reasonsOf(own, hunting, store));
  return { uses, reasons };
}

function pathOf(store: CaseStore, id: number): string {
  const { path } = parseRequestUri(asText(eventOf(store.events, id).requestURI) ?? '');
  return `/${path.join('/')}`;
}

/** Stages of a request are told apart, so that a request counts once: the stage that occurs most often counts. */
function add(tallies: Map<string, Tally>, key: string, row: number, { source: { index } }: Hunting): void {
  const tally: Tally = tallies.get(key) ?? { rows: [], stages: new Map() };
  tallies.set(key, tally);
  tally.rows.push(row);
  const stages = index.texts('stage');
  const decisions = index.texts('decision');
  const answer = stages.ids[row] as number;
  const stage = groupsOf(index, 'stage').keyOf[answer] as number;
  const counts = tally.stages.get(stage) ?? { allowed: 0, denied: 0 };
  const code = index.codes().read(answer);
  const isDenied = decisions.read(answer) === 'forbid' || code === 401 || code === 403;
  if (isDenied) counts.denied++;
  else counts.allowed++;
  tally.stages.set(stage, counts);
}

function useOf(key: string, { rows, stages }: Tally, { source: { index } }: Hunting): Use {
  const [operation, space, url] = JSON.parse(key) as [number, number, string | null];
  const text = (column: 'verb' | 'apiGroup' | 'resource' | 'subresource') => index.texts(column).read(operation);
  const resource = text('resource');
  const subresource = text('subresource');
  const counts = [...stages.values()];
  const time = (row: number | undefined) => {
    const at = row === undefined ? Number.NaN : (index.columns.time[row] as number);
    return Number.isNaN(at) ? null : formatTime(at);
  };
  return {
    verb: text('verb') ?? '',
    apiGroup: text('apiGroup'),
    resource: resource !== null && subresource !== null ? `${resource}/${subresource}` : resource,
    namespace: index.terms.text(space),
    url,
    allowed: Math.max(...counts.map(({ allowed }) => allowed)),
    denied: Math.max(...counts.map(({ denied }) => denied)),
    firstTime: time(rows[0]),
    lastTime: time(rows.at(-1)),
  };
}

const placeOf = ({ namespace, apiGroup, resource, url, verb }: Use): string =>
  JSON.stringify([namespace ?? '', apiGroup ?? '', resource ?? '', url ?? '', verb]);

const byPlace = (a: Use, b: Use): number => (placeOf(a) < placeOf(b) ? -1 : 1);

function reasonsOf(rows: readonly number[], { source: { index } }: Hunting, store: CaseStore): Binding[] {
  const samples = new Set([...rows.slice(0, SAMPLES), ...rows.slice(-SAMPLES)]);
  return [...samples].flatMap((row) => {
    const id = index.columns.id[row] as number;
    const reason = asText(own(eventOf(store.events, id).annotations, 'authorization.k8s.io/reason'));
    const binding = reason === undefined ? null : bindingOfReason(reason, id);
    return binding ?? [];
  });
}

function notesOf(
  bound: readonly Bound[],
  { unknown, roles }: RbacState,
  groups: readonly string[],
  isBlind: boolean,
  hasBodies: boolean,
): string[] {
  const blind = [...new Set(bound.filter(({ role }) => rulesOf(role, roles) === null).map(({ role }) => role))];
  return [
    ...(groups.includes(MASTERS) ? [`A member of ${MASTERS} passes every authorisation.`] : []),
    ...(isBlind
      ? [
          `Not recorded: the rules of ${blind.join(', ')}. They were written before this log begins, or without their bodies.`,
        ]
      : []),
    ...(hasBodies ? [] : ['Not recorded: no binding was written or read with its body in this log.']),
    ...(bound.length === 0 ? ['No binding of this identity is known.'] : []),
    ...(unknown.length > 0 ? [`Known in part only: ${unknown.slice(0, 10).join(', ')}.`] : []),
    'Bindings that were made before the log begins and were never used in it are not known.',
  ];
}

import type { SearchHit } from '../contract/entity-calls.ts';
import type { EntityKind } from '../contract/scope.ts';
import { alertLines } from './alert-lines.ts';
import type { CallScope } from './call-scope.ts';
import { entityPage } from './entity-lines.ts';
import { linesOf } from './event-lines.ts';

const KINDS: readonly EntityKind[] = [
  'user',
  'serviceaccount',
  'address',
  'namespace',
  'node',
  'workload',
  'object',
  'agent',
];
const LEAST_LETTERS = 2;

/** Entities, alerts, incidents, rules and events whose names hold the text: some of each kind. */
export async function searchAll(
  { text, limit }: { readonly text: string; readonly limit: number },
  scope: CallScope,
): Promise<readonly SearchHit[]> {
  const wanted = text.trim().toLowerCase();
  if (wanted.length < LEAST_LETTERS) return [];
  const hits = [
    ...events(text.trim(), scope),
    ...stories(wanted, scope),
    ...alerts(wanted, scope),
    ...rules(wanted, scope),
    ...(await entities(wanted, limit, scope)),
  ];
  const kinds = Map.groupBy(hits, ({ kind }) => kind);
  const share = Math.max(2, Math.ceil(limit / Math.max(1, kinds.size)));
  return [...kinds.values()].flatMap((members) => members.slice(0, share)).slice(0, limit);
}

/** By number, or by the id that a request has in the log. */
function events(text: string, { store }: CallScope): SearchHit[] {
  const isNumber = /^\d{1,15}$/.test(text);
  const isAuditId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text);
  const ids = isAuditId ? [...store.index().auditIds(text)].map(({ id }) => id).slice(0, 3) : [Number(text)];
  const known = isNumber || isAuditId ? ids.filter((id) => store.events.get(id) !== undefined) : [];
  return linesOf(known, store).map(({ id, summary, auditID }) => ({
    ...{ kind: 'event', id, title: summary, detail: auditID },
  }));
}

function stories(wanted: string, { session }: CallScope): SearchHit[] {
  return session
    .incidents()
    .filter(({ title, story }) => holds(wanted, title, story))
    .map(({ id, title, level }) => ({ kind: 'incident', id, title, detail: level }));
}

function alerts(wanted: string, { store }: CallScope): SearchHit[] {
  return alertLines(store)
    .filter(({ title, summary, user, object }) => holds(wanted, title, summary, user, object))
    .map(({ id, title, summary }) => ({ kind: 'alert', id, title, detail: summary }));
}

function rules(wanted: string, { session }: CallScope): SearchHit[] {
  return session
    .coverage()
    .filter(({ rule }) => holds(wanted, rule.title, rule.id))
    .map(({ rule, state }) => ({ kind: 'rule', id: rule.id, title: rule.title, detail: state }));
}

async function entities(wanted: string, limit: number, scope: CallScope): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  for (const kind of KINDS) {
    const { rows } = await entityPage({ kind, text: wanted, order: 'events', limit }, scope);
    for (const { entity, title, events: count } of rows)
      hits.push({ kind: 'entity', entity, title, detail: `${kind}, ${count} events` });
  }
  return hits;
}

const holds = (wanted: string, ...texts: readonly (string | null)[]): boolean =>
  texts.some((text) => text?.toLowerCase().includes(wanted));

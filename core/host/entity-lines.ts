import type { EntityLine } from '../contract/entity-calls.ts';
import type { MarkGlance } from '../contract/event-calls.ts';
import { LEVELS } from '../contract/rows.ts';
import type { EntityKind, EntityRef, Page, TimeRange } from '../contract/scope.ts';
import type { EntityFacts } from '../hunt/entity-table.ts';
import { compareNames } from '../hunt/groups.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { CallScope, EngineReq } from './call-scope.ts';
import { entityTable, entityTitle } from './entity-book.ts';
import { huntingOf } from './hunting.ts';
import { entityName } from './mark-places.ts';

const NO_MARKS: MarkGlance = { isStarred: false, tags: [], notes: 0 };

type Order = EngineReq<'entities/page'>['order'];

const ORDERS: Readonly<Record<Order, (a: EntityFacts, b: EntityFacts) => number>> = {
  events: (a, b) => b.events - a.events,
  denied: (a, b) => b.denied - a.denied || b.events - a.events,
  alerts: (a, b) =>
    LEVELS.indexOf(b.alertLevel ?? 'informational') - LEVELS.indexOf(a.alertLevel ?? 'informational') ||
    b.alerts - a.alerts ||
    b.events - a.events,
  first: (a, b) => (a.firstSeen ?? -1) - (b.firstSeen ?? -1),
  last: (a, b) => (b.lastSeen ?? -1) - (a.lastSeen ?? -1),
  name: () => 0,
};

/** One page of the entities of a kind; `after` is a name. */
export async function entityPage(
  { kind, text, range, order, after, limit }: EngineReq<'entities/page'>,
  { store, signal }: Pick<CallScope, 'store' | 'signal'>,
): Promise<Page<EntityLine, string> & { readonly total: number }> {
  const all = await entityTable(huntingOf(store), kind, range, signal);
  const wanted = text?.trim().toLowerCase() ?? '';
  const found = wanted === '' ? [...all] : all.filter(({ name }) => name.toLowerCase().includes(wanted));
  found.sort((a, b) => ORDERS[order](a, b) || compareNames(a.name, b.name));
  const start = after === undefined ? 0 : found.findIndex(({ name }) => name === after) + 1;
  const rows = found.slice(start, start + limit);
  const marks = store.marks.glances('entity');
  return {
    rows: rows.map((facts) => toLine(kind, facts, marks)),
    next: start + limit < found.length ? (rows.at(-1)?.name ?? null) : null,
    total: found.length,
  };
}

/** One entity as lists show it; with zeros where it has no event in the range. */
export async function lineOfEntity(
  { kind, name }: EntityRef,
  range: TimeRange | undefined,
  { store, signal }: Pick<CallScope, 'store' | 'signal'>,
): Promise<EntityLine> {
  const all = await entityTable(huntingOf(store), kind, range, signal);
  const none: EntityFacts = {
    ...{ name, firstSeen: null, lastSeen: null, events: 0, denied: 0, writes: 0, alerts: 0, alertLevel: null },
  };
  return toLine(kind, all.find((facts) => facts.name === name) ?? none, store.marks.glances('entity'));
}

function toLine(
  kind: EntityKind,
  { name, ...facts }: EntityFacts,
  marks: ReturnType<CaseStore['marks']['glances']>,
): EntityLine {
  const entity = { kind, name };
  return { entity, title: entityTitle(entity), ...facts, marks: marks.get(entityName(entity)) ?? NO_MARKS };
}

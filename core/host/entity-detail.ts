import type { EntityCountOf, EntityDetail, Relations, Unusual } from '../contract/entity-calls.ts';
import { LEVELS, type Level } from '../contract/rows.ts';
import type { EntityRef, TimeRange } from '../contract/scope.ts';
import { heatOf, spanOf } from '../hunt/charts.ts';
import { layOut } from '../hunt/graph-layout.ts';
import { compareNames, countKeys, type GroupBy, groupsOf, largest } from '../hunt/groups.ts';
import { linksBetween, relatedTo } from '../hunt/relations.ts';
import { countRows, type RowMask } from '../hunt/row-mask.ts';
import type { CallScope } from './call-scope.ts';
import { entityCondition, entityTitle, rowsOfEntity } from './entity-book.ts';
import { lineOfEntity } from './entity-lines.ts';
import { readLines } from './event-batch.ts';
import { type Hunting, huntingOf } from './hunting.ts';
import { fieldCondition, identityCondition } from './query-text.ts';

const DAY_US = 86_400_000_000;
const MOST_VALUES = 8;
const FIRST_EVENTS = 5;

interface Use {
  readonly field: string;
  readonly title: string;
  readonly by: GroupBy;
}

const USES: readonly Use[] = [
  { field: 'decklog.actor', title: 'Identities', by: 'identity' },
  { field: 'verb', title: 'Verbs', by: 'verb' },
  { field: 'resource', title: 'Resources', by: 'resource' },
  { field: 'namespace', title: 'Namespaces', by: 'namespace' },
  { field: 'decklog.sourceIP', title: 'Addresses', by: 'address' },
  { field: 'userAgent', title: 'Clients', by: 'userAgent' },
  { field: 'code', title: 'Answers', by: 'code' },
];

/** What an entity itself says already. */
const OWN: Readonly<Partial<Record<EntityRef['kind'], string>>> = {
  user: 'decklog.actor',
  serviceaccount: 'decklog.actor',
  address: 'decklog.sourceIP',
  agent: 'userAgent',
  namespace: 'namespace',
};

/** All that the page of one entity shows. */
export async function entityDetail(
  entity: EntityRef,
  range: TimeRange | undefined,
  scope: CallScope,
): Promise<EntityDetail> {
  const { store, signal } = scope;
  const hunting = huntingOf(store);
  const { index } = hunting.source;
  const mask = await rowsOfEntity(hunting, entity, range, signal);
  const uses = USES.filter(({ field }) => field !== OWN[entity.kind]);
  const first: number[] = [];
  for (let row = 0; row < mask.length && first.length < FIRST_EVENTS; row++)
    if (mask[row] === 1) first.push(index.columns.id[row] as number);
  return {
    line: await lineOfEntity(entity, range, scope),
    condition: entityCondition(entity),
    rhythm: heatOf(index, mask),
    days: daysOf(hunting, mask),
    uses: uses.map((use) => countsOfUse(use, hunting, mask)),
    unusual: unusualOf(uses, hunting, mask),
    firstEvents: await readLines(first, store),
    alsoKnownAs: linksOf(entity, scope),
  };
}

function daysOf({ source: { index } }: Hunting, mask: RowMask): EntityDetail['days'] {
  const span = spanOf(index);
  if (span === null) return { from: 0, counts: [] };
  const from = Math.floor(span.from / DAY_US) * DAY_US;
  const days = Math.min(MOST_DAYS, Math.floor((span.to - from) / DAY_US) + 1);
  const counts = new Uint32Array(days);
  for (let row = 0; row < mask.length; row++) {
    const day = Math.floor(((index.columns.time[row] as number) - from) / DAY_US);
    if (mask[row] === 1 && day < days) counts[day] = (counts[day] as number) + 1;
  }
  return { from, counts: [...counts] };
}

/** Ten years: times of a forged log may span any. */
const MOST_DAYS = 3660;

const conditionOf = (field: string, text: string): string =>
  field === 'decklog.actor' ? identityCondition(text) : fieldCondition(field, text);

function countsOfUse({ field, title, by }: Use, { source: { index } }: Hunting, mask: RowMask): EntityCountOf {
  const groups = groupsOf(index, by);
  const counts = countKeys(groups, mask);
  groups.names.forEach((name, key) => {
    if (name === null || name === '') counts[key] = 0;
  });
  const nameOf = (key: number) => groups.names[key] ?? null;
  const shown = largest(counts, MOST_VALUES, (a, b) => compareNames(nameOf(a), nameOf(b)));
  const values = shown.map((key) => {
    const text = nameOf(key) ?? '';
    return { text, count: counts[key] as number, condition: conditionOf(field, text) };
  });
  return { field, title, values, others: counts.filter((count) => count > 0).length - values.length };
}

/** Fewer events say nothing about what is usual. */
const LEAST_FOR_HABIT = 50;
const RARE_SHARE = 0.01;
const LATE_SHARE = 0.1;
const MOST_UNUSUAL = 12;

/** What stands out against the entity's own habit: values met rarely, a late beginning, many refusals. */
function unusualOf(uses: readonly Use[], hunting: Hunting, mask: RowMask): Unusual[] {
  const total = countRows(mask);
  const late = lateStart(hunting, mask);
  if (total < LEAST_FOR_HABIT) return late;
  const rare = uses.flatMap((use) => rareValues(use, hunting, mask, total));
  return [...late, ...refusals(hunting, mask, total), ...rare].slice(0, MOST_UNUSUAL);
}

function lateStart({ source: { index } }: Hunting, mask: RowMask): Unusual[] {
  const span = spanOf(index);
  const row = mask.indexOf(1);
  const time = index.columns.time[row] as number;
  if (span === null || row < 0 || !(time - span.from > (span.to - span.from) * LATE_SHARE)) return [];
  const hours = Math.round((time - span.from) / 3_600_000_000);
  const after = hours >= 48 ? `${Math.round(hours / 24)} days` : hours >= 1 ? `${hours} h` : 'less than an hour';
  return [
    {
      text: `first seen ${after} after the log begins`,
      usual: 'most entities are there from the start',
      event: index.columns.id[row] as number,
      alert: null,
    },
  ];
}

function refusals({ source: { index } }: Hunting, mask: RowMask, total: number): Unusual[] {
  const codes = index.codes();
  let [refused, allRefused, first] = [0, 0, -1];
  for (let row = 0; row < mask.length; row++) {
    const code = codes.read(codes.ids[row] as number);
    if (code !== 401 && code !== 403) continue;
    allRefused++;
    if (mask[row] === 0) continue;
    refused++;
    if (first < 0) first = row;
  }
  const [share, overall] = [refused / total, allRefused / Math.max(1, mask.length)];
  if (refused < 5 || share < 3 * overall) return [];
  return [
    {
      text: `${percent(share)} of its requests were refused (${refused})`,
      usual: `${percent(overall)} over the whole case`,
      event: index.columns.id[first] as number,
      alert: null,
    },
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

function rareValues({ title, by }: Use, { source: { index } }: Hunting, mask: RowMask, total: number): Unusual[] {
  const groups = groupsOf(index, by);
  const counts = countKeys(groups, mask);
  const [most] = largest(counts, 1, (a, b) => a - b);
  const usual = most === undefined ? '' : (groups.names[most] ?? 'none');
  const share = most === undefined ? 0 : (counts[most] as number) / total;
  if (share < 0.5) return [];
  const rare = [...counts.keys()].filter((key) => {
    const count = counts[key] as number;
    return count > 0 && count <= Math.max(1, total * RARE_SHARE) && (groups.names[key] ?? '') !== '';
  });
  return rare
    .sort(
      (a, b) =>
        (counts[a] as number) - (counts[b] as number) || compareNames(groups.names[a] ?? null, groups.names[b] ?? null),
    )
    .slice(0, 3)
    .map((key) => ({
      text: `${title.toLowerCase()}: ${groups.names[key]} (${counts[key]} of ${total})`,
      usual: `mostly ${usual} (${percent(share)})`,
      event: index.columns.id[firstRow(groups, key, mask)] as number,
      alert: null,
    }));
}

function firstRow({ ids, keyOf }: ReturnType<typeof groupsOf>, key: number, mask: RowMask): number {
  return mask.findIndex((value, row) => value === 1 && keyOf[ids[row] as number] === key);
}

/** Identities whose credentials one has and the other uses, as detection found. */
function linksOf({ kind, name }: EntityRef, { session }: CallScope): EntityDetail['alsoKnownAs'] {
  if (kind !== 'user' && kind !== 'serviceaccount') return [];
  return session.identityLinks().flatMap(({ from, to, reason, certainty }) => {
    const other = from.user === name ? to.user : to.user === name ? from.user : null;
    if (other === null || other === name) return [];
    const isAccount = other.startsWith('system:serviceaccount:');
    return [{ entity: { kind: isAccount ? 'serviceaccount' : 'user', name: other }, why: reason, sureness: certainty }];
  });
}

const MOST_NODES = 40;
const MOST_ROWS = 300;

/** What shares events with an entity: a graph of the weightiest, and a table of more. */
export async function relationsOf(
  entity: EntityRef,
  range: TimeRange | undefined,
  limit: number,
  { store, signal }: CallScope,
): Promise<Relations> {
  const hunting = huntingOf(store);
  const { index } = hunting.source;
  const mask = await rowsOfEntity(hunting, entity, range, signal);
  const proofs = hunting.proofs();
  const related = relatedTo(entity.kind, index, mask, proofs);
  const shown = related.slice(0, Math.min(limit, MOST_NODES) - 1);
  const members: EntityRef[] = [entity, ...shown.map(({ kind, facts }) => ({ kind, name: facts.name }))];
  const arrows = linksBetween(members, index, mask);
  const links = entity.kind === 'image' ? [...arrows, ...spokes(shown)] : arrows;
  const placed = layOut(members.map(entityTitle), links);
  const own = alertsOfRows(hunting, mask);
  return {
    nodes: members.map((member, at) => ({
      entity: member,
      title: entityTitle(member),
      weight: at === 0 ? countRows(mask) : (shown[at - 1]?.facts.events ?? 0),
      alerts: at === 0 ? own.alerts : (shown[at - 1]?.facts.alerts ?? 0),
      level: at === 0 ? own.level : (shown[at - 1]?.facts.alertLevel ?? null),
      ...(placed.boxes[at] ?? { x: 0, y: 0, width: 0, height: 0 }),
    })),
    edges: links.map(({ from, to, events }) => ({
      ...{ from, to, events },
      title: `${events}`,
      level: null,
      condition: [members[from], members[to]]
        .map((member) => (member === undefined ? '' : entityCondition(member)))
        .join(' '),
    })),
    width: placed.width,
    height: placed.height,
    total: related.length,
    table: related.slice(0, MOST_ROWS).map(({ relation, kind, facts }) => ({
      relation,
      entity: { kind, name: facts.name },
      events: facts.events,
      firstSeen: facts.firstSeen,
      lastSeen: facts.lastSeen,
      alerts: facts.alerts,
    })),
  };
}

/** Arrows from every neighbour that acts to the middle. */
const spokes = (shown: ReturnType<typeof relatedTo>) =>
  shown.map(({ facts }, at) => ({ from: at + 1, to: 0, events: facts.events }));

function alertsOfRows(hunting: Hunting, mask: RowMask): { alerts: number; level: Level | null } {
  const proofs = hunting.proofs().filter(({ rows }) => rows.some((row) => mask[row] === 1));
  const level = proofs.reduce((most, proof) => Math.max(most, LEVELS.indexOf(proof.level)), -1);
  return { alerts: proofs.length, level: LEVELS[level] ?? null };
}

import type { EntityRow } from '../contract/rows.ts';
import type { EntityKind, EntityRef, TimeRange } from '../contract/scope.ts';
import { formatTime } from '../event/time.ts';
import { CaseError } from '../fault.ts';
import { entityGroups } from '../hunt/entity-groups.ts';
import { type EntityFacts, FactCounter, tableOf } from '../hunt/entity-table.ts';
import { compareNames } from '../hunt/groups.ts';
import { both, maskOf, type RowMask } from '../hunt/row-mask.ts';
import { timeRange } from '../hunt/selection.ts';
import type { Hunting } from './hunting.ts';
import { type ImageRows, imageRows } from './image-rows.ts';
import { fieldCondition, identityCondition, objectCondition } from './query-text.ts';

/** Tables that are kept. */
const KEPT = 24;

interface Kept {
  readonly version: number;
  readonly tables: Map<string, readonly EntityFacts[]>;
}

const kept = new WeakMap<Hunting, Kept>();

/** Every entity of a kind within a range, by name. Images take the reading of events, once. */
export async function entityTable(
  hunting: Hunting,
  kind: EntityKind,
  range: TimeRange | undefined,
  signal: AbortSignal,
): Promise<readonly EntityFacts[]> {
  const { version } = hunting;
  const before = kept.get(hunting);
  const { tables } = before?.version === version ? before : { tables: new Map() };
  kept.set(hunting, { version, tables });
  const key = JSON.stringify([kind, range ?? null]);
  const table: readonly EntityFacts[] = tables.get(key) ?? (await makeTable(hunting, kind, range, signal));
  if (tables.size >= KEPT) tables.clear();
  tables.set(key, table);
  return table;
}

async function makeTable(
  hunting: Hunting,
  kind: EntityKind,
  range: TimeRange | undefined,
  signal: AbortSignal,
): Promise<readonly EntityFacts[]> {
  const { index } = hunting.source;
  const mask = rangeMask(hunting, range);
  if (kind !== 'image') return tableOf(index, entityGroups(index, kind), mask, hunting.proofs());
  const images = await imageRows(hunting, signal);
  return imageTable(hunting, images, mask);
}

function rangeMask(hunting: Hunting, range: TimeRange | undefined): RowMask {
  return maskOf(timeRange(range?.from, range?.to), hunting.source.index);
}

function imageTable(hunting: Hunting, { names, rows }: ImageRows, mask: RowMask): EntityFacts[] {
  const counter = new FactCounter(hunting.source.index, names.length);
  const imagesOf = new Map<number, number[]>();
  rows.forEach((members, image) => {
    for (const row of members) {
      if (mask[row] === 0) continue;
      counter.add(image, row);
      imagesOf.set(row, [...(imagesOf.get(row) ?? []), image]);
    }
  });
  for (const { rows: proof, level } of hunting.proofs())
    for (const image of new Set(proof.flatMap((row) => imagesOf.get(row) ?? []))) counter.addAlert(image, level);
  return names.flatMap((name, image) => counter.factsOf(image, name));
}

/** Rows of the events that concern an entity. Raises `entity/unknown` where there are none in the whole case. */
export async function rowsOfEntity(
  hunting: Hunting,
  { kind, name }: EntityRef,
  range: TimeRange | undefined,
  signal: AbortSignal,
): Promise<RowMask> {
  const { index } = hunting.source;
  const mask = kind === 'image' ? await imageMask(hunting, name, signal) : columnMask(hunting, kind, name);
  if (!mask.includes(1)) {
    throw new CaseError('entity/unknown', `No event of this case concerns the ${kind} ${name}.`, {
      hint: '`decklog entities <case> <kind>` lists those that are there.',
    });
  }
  return both(mask, maskOf(timeRange(range?.from, range?.to), index));
}

async function imageMask(hunting: Hunting, name: string, signal: AbortSignal): Promise<RowMask> {
  const { names, rows } = await imageRows(hunting, signal);
  const mask = new Uint8Array(hunting.source.index.columns.count);
  for (const row of rows[names.indexOf(name)] ?? []) mask[row] = 1;
  return mask;
}

function columnMask(hunting: Hunting, kind: Exclude<EntityKind, 'image'>, name: string): RowMask {
  const { ids, keyOf, names } = entityGroups(hunting.source.index, kind);
  const key = names.indexOf(name);
  const mask = new Uint8Array(ids.length);
  if (key < 0) return mask;
  for (let row = 0; row < mask.length; row++) mask[row] = keyOf[ids[row] as number] === key ? 1 : 0;
  return mask;
}

/** Entities as the command line lists them, the busiest first. */
export async function entityRows(
  kinds: readonly EntityKind[],
  hunting: Hunting,
  signal: AbortSignal,
): Promise<EntityRow[]> {
  const tables = await Promise.all(
    kinds.map(async (kind) => {
      const facts = await entityTable(hunting, kind, undefined, signal);
      return facts.map((entity) => toRow(kind, entity));
    }),
  );
  return tables.flat().sort((a, b) => b.events - a.events || compareNames(a.name, b.name));
}

function toRow(kind: EntityKind, { firstSeen, lastSeen, ...facts }: EntityFacts): EntityRow {
  const time = (value: number | null) => (value === null ? null : formatTime(value));
  const condition = entityCondition({ kind, name: facts.name });
  return { kind, ...facts, firstTime: time(firstSeen), lastTime: time(lastSeen), condition };
}

/** The condition of the query language that selects the events of an entity. */
export function entityCondition({ kind, name }: EntityRef): string {
  switch (kind) {
    case 'user':
    case 'serviceaccount':
      return identityCondition(name);
    case 'address':
      return fieldCondition('decklog.sourceIP', name);
    case 'agent':
      return fieldCondition('userAgent', name);
    case 'namespace':
      return fieldCondition('namespace', name);
    case 'node':
      return `(resource:nodes ${fieldCondition('name', name)} or ${fieldCondition('user', `system:node:${name}`)})`;
    case 'workload': {
      const namespace = name.split('/')[0] ?? '';
      return `${fieldCondition('namespace', namespace)} ${fieldCondition('decklog.owner', name)}`;
    }
    case 'image':
      return fieldCondition('decklog.pod.images', name);
    case 'object':
      return objectCondition(name);
  }
}

/** As a list shows it. */
export function entityTitle({ kind, name }: EntityRef): string {
  return kind === 'serviceaccount' ? name.replace(/^system:serviceaccount:/, '') : name;
}

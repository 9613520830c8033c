import { larger } from '../larger.ts';
import { type ColumnBatch, columnBatches } from './column-reader.ts';
import type { Connection } from './connection.ts';
import { KeyTable } from './key-table.ts';
import { readingsOf, type ServerName } from './rhythm.ts';

/** How far the clock of one API server stands from that of another, as the requests on the same objects show it. */
export interface ClockSkew extends ServerName {
  /** The server that it is compared with. */
  readonly other: string | null;
  /** Microseconds by which its times are ahead; behind where it is less than 0. */
  readonly aheadUs: number;
  /** Objects that show it. */
  readonly objects: number;
}

/** With more objects or servers than this nothing is compared. */
const MOST_OBJECTS = 500_000;
const MOST_SERVERS = 20;
/** Objects with more requests are asked for all the time, and their times tell nothing. */
const MOST_REQUESTS = 48;
/** Objects that are compared, chosen by their names. */
const MOST_COMPARED = 20_000;
/** Longest skew that is looked for, and how finely. */
const FARTHEST_US = 2 * 3_600_000_000;
const STEP_US = 2_000_000;
/** Less is not told: a request takes time to have consequences elsewhere. */
const LEAST_US = 5_000_000;
/** So many objects, of so many resources, must agree. */
const LEAST_OBJECTS = 30;
const LEAST_RESOURCES = 2;
/** So much more often than at any other distance must two servers' requests meet. */
const CLEARNESS = 2.5;
/** Distances, in steps, that are the same. */
const NEAR = 3;
/** Where so large a part of what meets at the distance meets at once too, one is the long echo of the other. */
const ECHO = 0.25;

/**
 * What one server does to an object others follow up within moments: a scheduler binds through one what a kubelet reports through
 * another. So requests on the same objects meet at one distance of time, and that is how far the clocks stand apart.
 */
export function clockSkews(db: Connection): ClockSkew[] {
  const servers = serversOf(db);
  return [...Map.groupBy(servers.values(), ({ cluster }) => cluster).values()].flatMap((own) => {
    const names = [...new Map(own.map((one) => [one.server, one])).values()];
    if (names.length < 2 || names.length > MOST_SERVERS) return [];
    return skewsIn(db, names.sort(byName), servers);
  });
}

const byName = (a: ServerName, b: ServerName) => ((a.server ?? '') < (b.server ?? '') ? -1 : 1);

/** By the id of a reading. */
function serversOf(db: Connection): Map<number, ServerName> {
  return new Map([...readingsOf(db)].map(([id, { server, cluster }]) => [id, { server, cluster }]));
}

interface Sight {
  readonly server: number;
  readonly time: number;
}

/** Each server against the one that has written most. */
function skewsIn(db: Connection, names: readonly ServerName[], readings: ReadonlyMap<number, ServerName>): ClockSkew[] {
  const numbers = new Map(
    [...readings].map(([id, { server, cluster }]) => [
      id,
      names.findIndex((one) => one.server === server && one.cluster === cluster),
    ]),
  );
  const objects = objectsOf(db, numbers);
  if (objects === null) return [];
  const events = names.map((_, server) => objects.events[server] ?? 0);
  const most = events.indexOf(Math.max(...events));
  const reference = names[most] as ServerName;
  return names.flatMap((name, server): ClockSkew[] => {
    const found = server === most ? null : distance(objects.sights, most, server);
    return found === null ? [] : [{ ...name, other: reference.server, ...found }];
  });
}

interface Seen {
  readonly resource: number;
  readonly sights: readonly Sight[];
}

/** Requests on objects that are asked for seldom, and through several servers. */
function objectsOf(
  db: Connection,
  numbers: ReadonlyMap<number, number>,
): { readonly sights: readonly Seen[]; readonly events: readonly number[] } | null {
  const resources = new Map(db.prepare('SELECT id, resource FROM operation').raw().all() as [number, number | null][]);
  const table = new KeyTable(3);
  const key = new Int32Array(3);
  const find = ({ operation, namespace, name }: ColumnBatch, row: number): number => {
    key[0] = resources.get(operation[row] as number) ?? 0;
    key[1] = namespace[row] as number;
    key[2] = name[row] as number;
    return table.find(key);
  };
  let counts = new Uint8Array(1024);
  let masks = new Uint32Array(1024);
  const events: number[] = [];
  for (const { batch, row, server } of named(db, numbers)) {
    events[server] = (events[server] ?? 0) + 1;
    const object = find(batch, row);
    if (object > MOST_OBJECTS) return null;
    if (object >= counts.length) [counts, masks] = [larger(counts), larger(masks)];
    counts[object] = Math.min(MOST_REQUESTS + 1, (counts[object] as number) + 1);
    masks[object] = (masks[object] as number) | (1 << server);
  }
  const wanted = chosen(db, table, (object) => {
    const mask = masks[object] as number;
    return (counts[object] as number) <= MOST_REQUESTS && (mask & (mask - 1)) !== 0;
  });
  const sights = new Map<number, Sight[]>([...wanted].map((object) => [object, []]));
  for (const { batch, row, server } of named(db, numbers))
    sights.get(find(batch, row))?.push({ server, time: batch.time(row) });
  return { events, sights: [...sights].map(([object, own]) => ({ resource: table.at(object, 0), sights: own })) };
}

/** Events on named objects, with the number of their server. */
function* named(db: Connection, numbers: ReadonlyMap<number, number>) {
  for (const batch of columnBatches(db)) {
    for (let row = 0; row < batch.count; row++) {
      const server = numbers.get(batch.reading[row] as number) ?? -1;
      if (server >= 0 && batch.name[row] !== 0 && !Number.isNaN(batch.time(row))) yield { batch, row, server };
    }
  }
}

/** Objects to compare: where they are too many, those whose names have the least hashes, so that no order leaves a trace. */
function chosen(db: Connection, table: KeyTable, isFit: (object: number) => boolean): Set<number> {
  const fit: number[] = [];
  for (let object = 1; object <= table.size; object++) if (isFit(object)) fit.push(object);
  if (fit.length <= MOST_COMPARED) return new Set(fit);
  const text = db.prepare('SELECT text FROM term WHERE id = ?').pluck();
  const hashed = fit.map((object) => [hashOf(String(text.get(table.at(object, 2)))), object] as const);
  const limit = hashed.map(([hash]) => hash).sort((a, b) => a - b)[MOST_COMPARED] as number;
  return new Set(hashed.flatMap(([hash, object]) => (hash < limit ? [object] : [])));
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Null: the requests of the two meet at once, or at no distance clearly. */
function distance(
  objects: readonly Seen[],
  one: number,
  other: number,
): { readonly aheadUs: number; readonly objects: number } | null {
  const meetings = new Map<number, { objects: number; readonly resources: Set<number>; sum: number; pairs: number }>();
  for (const { resource, sights } of objects) {
    for (const [step, { sum, pairs }] of stepsOf(sights, one, other)) {
      const met = meetings.get(step) ?? { objects: 0, resources: new Set(), sum: 0, pairs: 0 };
      meetings.set(step, met);
      met.objects++;
      met.resources.add(resource);
      met.sum += sum;
      met.pairs += pairs;
    }
  }
  const order = [...meetings].sort(([a, x], [b, y]) => y.objects - x.objects || Math.abs(a) - Math.abs(b) || a - b);
  const [best] = order;
  if (best === undefined) return null;
  const [at, { objects: found, resources }] = best;
  const elsewhere = order.find(([step]) => Math.abs(step - at) > NEAR)?.[1].objects ?? 0;
  const near = order.filter(([step]) => Math.abs(step - at) <= 1).map(([, met]) => met);
  const pairs = near.reduce((sum, met) => sum + met.pairs, 0);
  const aheadUs = Math.round(near.reduce((sum, met) => sum + met.sum, 0) / pairs);
  const atOnce = order.find(([step]) => step >= -NEAR && step < NEAR)?.[1].objects ?? 0;
  const isClear = found >= LEAST_OBJECTS && resources.size >= LEAST_RESOURCES && found >= CLEARNESS * elsewhere;
  return isClear && atOnce < ECHO * found && Math.abs(aheadUs) >= LEAST_US ? { aheadUs, objects: found } : null;
}

/** The distances between two servers' requests on one object, by step. */
function stepsOf(sights: readonly Sight[], one: number, other: number): Map<number, { sum: number; pairs: number }> {
  const steps = new Map<number, { sum: number; pairs: number }>();
  for (const a of sights) {
    if (a.server !== one) continue;
    for (const b of sights) {
      const apart = b.time - a.time;
      if (b.server !== other || Math.abs(apart) > FARTHEST_US) continue;
      const step = Math.floor(apart / STEP_US);
      const own = steps.get(step) ?? { sum: 0, pairs: 0 };
      steps.set(step, own);
      own.sum += apart;
      own.pairs++;
    }
  }
  return steps;
}

import type { Strand } from '../contract/rows.ts';
import { larger } from '../larger.ts';
import { type ColumnBatch, columnBatches } from './column-reader.ts';
import type { Connection } from './connection.ts';
import { Earliest } from './earliest.ts';
import { KeyTable } from './key-table.ts';

/** What one identity did from one address, in numbers. Times are microseconds since 1970 UTC. */
export interface StrandRow extends Strand {
  readonly first: number;
  readonly last: number;
  readonly events: number;
  /** Dictionary ids that stand for it in the case. */
  readonly pairs: readonly (readonly [actor: number, address: number | null])[];
}

/** Which events of strands are wanted. */
export interface DeedRequest {
  readonly pairs: readonly (readonly [actor: number, address: number | null])[];
  readonly isWanted: (operation: Operation) => boolean;
  /** At most so many; the earliest are kept. */
  readonly most: number;
}

export interface Operation {
  readonly verb: string | null;
  readonly apiGroup: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
}

/** More combinations of identity and address than this are not compared with each other. */
export const MOST_STRANDS = 500_000;

/** The key of a strand: equal for equal identities and addresses. */
export const strandKey = ({ cluster, user, address }: Strand): string => JSON.stringify([cluster, user, address]);

/** The address that the connection came from: the last of the list; what stands before it can be forged. */
export function lastAddress(sourceIPs: string | null): string | null {
  if (sourceIPs === null) return null;
  const list: unknown = JSON.parse(sourceIPs);
  const last: unknown = Array.isArray(list) ? list.at(-1) : undefined;
  return typeof last === 'string' ? last : null;
}

/** Asks the case who acts from where, and what they did. */
export class StrandReader {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Every identity with every address it acts from, by key; null where there are more than `MOST_STRANDS`. */
  strands(): StrandRow[] | null {
    const groups = groupsOf(this.#db, MOST_STRANDS);
    if (groups === null) return null;
    const rows = this.#rowsOf(groups);
    const keys = [...rows.keys()].sort((a, b) => (a < b ? -1 : 1));
    return keys.map((key) => rows.get(key) as StrandRow);
  }

  /** By key. */
  #rowsOf(groups: Groups): ReadonlyMap<string, StrandRow> {
    const userOf = this.#lately('SELECT text FROM actor JOIN term ON term.id = actor.user WHERE actor.id = ?');
    const addressOf = this.#remembering('SELECT text FROM term WHERE id = ?', lastAddress);
    const clusterOf = this.#remembering(
      'SELECT text FROM reading JOIN term ON term.id = reading.cluster WHERE reading.id = ?',
    );
    const rows = new Map<string, KeptStrand>();
    for (const group of groups.sorted()) {
      const strand = {
        cluster: clusterOf(groups.idOf(group, 'reading')),
        user: userOf(groups.idOf(group, 'actor')) ?? '',
        address: addressOf(groups.idOf(group, 'address') || null),
      };
      const key = strandKey(strand);
      const row = rows.get(key);
      if (row === undefined) rows.set(key, new KeptStrand(strand, groups, group));
      else groups.join(row.group, group);
    }
    return rows;
  }

  /** Ids of events of the given actors and addresses, by time and identity. */
  deeds({ pairs, isWanted, most }: DeedRequest): number[] {
    const addresses = new Map<number, Set<number>>();
    for (const [actor, address] of pairs) {
      const own = addresses.get(actor) ?? new Set();
      addresses.set(actor, own.add(address ?? 0));
    }
    return this.#find(isWanted, most, ({ actor, address }) => {
      return (row) => addresses.get(actor[row] as number)?.has(address[row] as number) ?? false;
    });
  }

  /** Ids of events on objects of the given names, by time and identity. */
  deedsOn(names: readonly string[], isWanted: DeedRequest['isWanted'], most: number): number[] {
    if (names.length === 0) return [];
    const ids = new Set(
      this.#db
        .prepare('SELECT id FROM term WHERE text IN (SELECT value FROM json_each(?))')
        .pluck()
        .all(JSON.stringify(names)) as number[],
    );
    return this.#find(
      isWanted,
      most,
      ({ name }) =>
        (row) =>
          ids.has(name[row] as number),
    );
  }

  /** Ids of events of some operations, by time and identity. */
  deedsOf(isWanted: DeedRequest['isWanted'], most: number): number[] {
    return this.#find(isWanted, most, () => () => true);
  }

  /** The earliest events of some operations that meet a test of their columns. */
  #find(
    isWanted: DeedRequest['isWanted'],
    most: number,
    testOf: (batch: ColumnBatch) => (row: number) => boolean,
  ): number[] {
    const wanted = new Set(this.#operations(isWanted));
    const found = new Earliest(this.#db, most);
    for (const batch of columnBatches(this.#db)) {
      const { operation, firstEvent, count } = batch;
      const isMet = testOf(batch);
      for (let row = 0; row < count; row++) {
        if (!wanted.has(operation[row] as number) || !isMet(row)) continue;
        const time = batch.time(row);
        if (!Number.isNaN(time)) found.add(firstEvent + row, time, time + batch.elapsed(row));
      }
    }
    return found.ids();
  }

  #operations(isWanted: DeedRequest['isWanted']): number[] {
    const rows = this.#db
      .prepare(
        `SELECT id, (SELECT text FROM term WHERE id = verb) AS verb, (SELECT text FROM term WHERE id = api_group) AS apiGroup,
          (SELECT text FROM term WHERE id = resource) AS resource, (SELECT text FROM term WHERE id = subresource) AS subresource
         FROM operation`,
      )
      .all() as (Operation & { id: number })[];
    return rows.filter(isWanted).map((row) => row.id);
  }

  /** For ids that come in order: the last text is remembered. */
  #lately(query: string): (id: number) => string | null {
    const find = this.#db.prepare(query).pluck();
    let last = 0;
    let text: string | null = null;
    return (id) => {
      if (id !== last) [last, text] = [id, (find.get(id) as string | undefined) ?? null];
      return text;
    };
  }

  #remembering(
    query: string,
    read: (text: string | null) => string | null = (text) => text,
  ): (id: number | null) => string | null {
    const find = this.#db.prepare(query).pluck();
    const known = new Map<number, string | null>();
    return (id) => {
      if (id === null) return null;
      const found = known.get(id);
      if (found !== undefined) return found;
      const text = read((find.get(id) as string | undefined) ?? null);
      known.set(id, text);
      return text;
    };
  }
}

const GROUP_COLUMNS = { actor: 0, address: 1, reading: 2 } as const;

/** Events with a time by actor, address and reading: numbers in typed arrays, since there may be hundreds of thousands. */
class Groups {
  readonly #keys = new KeyTable(3);
  readonly #key = new Int32Array(3);
  #first = new Float64Array(1024);
  #last = new Float64Array(1024);
  #events = new Float64Array(1024);
  /** The next group of the same strand, 0 for none; of a strand's first group also its last one. */
  #next = new Int32Array(1024);
  #end = new Int32Array(1024);

  get size(): number {
    return this.#keys.size;
  }

  add(actor: number, address: number, reading: number, time: number): void {
    this.#key[0] = actor;
    this.#key[1] = address;
    this.#key[2] = reading;
    const known = this.size;
    const group = this.#keys.find(this.#key);
    if (group >= this.#first.length) this.#grow();
    this.#first[group] = group > known ? time : Math.min(time, this.#first[group] as number);
    this.#last[group] = group > known ? time : Math.max(time, this.#last[group] as number);
    this.#events[group] = (this.#events[group] as number) + 1;
  }

  /** Numbers of groups, by their ids. */
  sorted(): Int32Array {
    const keys = this.#keys;
    return Int32Array.from({ length: this.size }, (_, index) => index + 1).sort(
      (a, b) => keys.at(a, 0) - keys.at(b, 0) || keys.at(a, 1) - keys.at(b, 1) || keys.at(a, 2) - keys.at(b, 2),
    );
  }

  /** Id of a dictionary, 0 for none. */
  idOf(group: number, column: keyof typeof GROUP_COLUMNS): number {
    return this.#keys.at(group, GROUP_COLUMNS[column]);
  }

  /** Counts a group for another one, behind those that were joined with it before. */
  join(group: number, other: number): void {
    this.#next[this.#end[group] || group] = other;
    this.#end[group] = other;
    this.#first[group] = Math.min(this.#first[group] as number, this.#first[other] as number);
    this.#last[group] = Math.max(this.#last[group] as number, this.#last[other] as number);
    this.#events[group] = (this.#events[group] as number) + (this.#events[other] as number);
  }

  /** First and last time, and number of events, with those of the groups that were joined with it. */
  readonly first = (group: number): number => this.#first[group] as number;
  readonly last = (group: number): number => this.#last[group] as number;
  readonly events = (group: number): number => this.#events[group] as number;

  /** Actor and address of a group and of those that were joined with it. */
  pairsOf(group: number): [actor: number, address: number | null][] {
    const pairs: [number, number | null][] = [];
    for (let one = group; one !== 0; one = this.#next[one] as number)
      pairs.push([this.idOf(one, 'actor'), this.idOf(one, 'address') || null]);
    return pairs;
  }

  #grow(): void {
    this.#first = larger(this.#first);
    this.#last = larger(this.#last);
    this.#events = larger(this.#events);
    this.#next = larger(this.#next);
    this.#end = larger(this.#end);
  }
}

/** A strand whose numbers stand in the columns of its groups. */
class KeptStrand implements StrandRow {
  readonly cluster: string | null;
  readonly user: string;
  readonly address: string | null;
  readonly group: number;
  readonly #groups: Groups;

  constructor({ cluster, user, address }: Strand, groups: Groups, group: number) {
    this.cluster = cluster;
    this.user = user;
    this.address = address;
    this.group = group;
    this.#groups = groups;
  }

  get first(): number {
    return this.#groups.first(this.group);
  }

  get last(): number {
    return this.#groups.last(this.group);
  }

  get events(): number {
    return this.#groups.events(this.group);
  }

  get pairs(): StrandRow['pairs'] {
    return this.#groups.pairsOf(this.group);
  }
}

/** Null where there are more combinations than `most`. */
function groupsOf(db: Connection, most: number): Groups | null {
  const groups = new Groups();
  for (const batch of columnBatches(db)) {
    const { actor, address, reading, count } = batch;
    for (let row = 0; row < count; row++) {
      const time = batch.time(row);
      if (Number.isNaN(time)) continue;
      groups.add(actor[row] as number, address[row] as number, reading[row] as number, time);
      if (groups.size > most) return null;
    }
  }
  return groups;
}

import type { Strand } from '../contract/rows.ts';
import type { Connection } from './connection.ts';

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
    const groups = this.#db
      .prepare(
        `SELECT actor, address, reading, min(time), max(time), count(*)
         FROM event WHERE time IS NOT NULL GROUP BY actor, address, reading LIMIT ${MOST_STRANDS + 1}`,
      )
      .raw()
      .all() as [number, number | null, number, number, number, number][];
    if (groups.length > MOST_STRANDS) return null;
    const users = new Map(
      this.#db.prepare('SELECT actor.id, term.text FROM actor LEFT JOIN term ON term.id = actor.user').raw().all() as [
        number,
        string | null,
      ][],
    );
    const text = this.#remembering('SELECT text FROM term WHERE id = ?');
    const clusterOf = this.#remembering(
      'SELECT text FROM reading JOIN term ON term.id = reading.cluster WHERE reading.id = ?',
    );
    const rows = new Map<string, Mutable<StrandRow>>();
    for (const [actor, address, reading, first, last, events] of groups) {
      const strand = {
        cluster: clusterOf(reading),
        user: users.get(actor) ?? '',
        address: lastAddress(text(address)),
      };
      const key = strandKey(strand);
      const row = rows.get(key);
      if (row === undefined) rows.set(key, { ...strand, first, last, events, pairs: [[actor, address]] });
      else {
        row.first = Math.min(row.first, first);
        row.last = Math.max(row.last, last);
        row.events += events;
        row.pairs = [...row.pairs, [actor, address]];
      }
    }
    return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  /** Ids of events of the given actors and addresses, by time and identity. */
  deeds({ pairs, isWanted, most }: DeedRequest): number[] {
    const wanted = new Set(pairs.map(([actor, address]) => `${actor} ${address}`));
    const rows = this.#db
      .prepare(
        `SELECT id, actor, address FROM event
         WHERE actor IN (SELECT value FROM json_each(:actors)) AND operation IN (SELECT value FROM json_each(:operations)) AND time IS NOT NULL
         ORDER BY time, elapsed, audit_id`,
      )
      .raw()
      .iterate({
        actors: JSON.stringify([...new Set(pairs.map(([actor]) => actor))]),
        operations: JSON.stringify(this.#operations(isWanted)),
      }) as IterableIterator<[number, number, number | null]>;
    const ids: number[] = [];
    for (const [id, actor, address] of rows) {
      if (!wanted.has(`${actor} ${address}`)) continue;
      if (ids.length >= most) break;
      ids.push(id);
    }
    return ids;
  }

  /** Ids of events on objects of the given names, by time and identity. */
  deedsOn(names: readonly string[], isWanted: DeedRequest['isWanted'], most: number): number[] {
    if (names.length === 0) return [];
    return this.#db
      .prepare(
        `SELECT id FROM event
         WHERE operation IN (SELECT value FROM json_each(:operations))
           AND name IN (SELECT id FROM term WHERE text IN (SELECT value FROM json_each(:names))) AND time IS NOT NULL
         ORDER BY time, elapsed, audit_id LIMIT :most`,
      )
      .pluck()
      .all({
        operations: JSON.stringify(this.#operations(isWanted)),
        names: JSON.stringify(names),
        most,
      }) as number[];
  }

  /** Ids of events of some operations, by time and identity. */
  deedsOf(isWanted: DeedRequest['isWanted'], most: number): number[] {
    return this.#db
      .prepare(
        `SELECT id FROM event WHERE operation IN (SELECT value FROM json_each(?)) AND time IS NOT NULL
         ORDER BY time, elapsed, audit_id LIMIT ?`,
      )
      .pluck()
      .all(JSON.stringify(this.#operations(isWanted)), most) as number[];
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

  #remembering(query: string): (id: number | null) => string | null {
    const find = this.#db.prepare(query).pluck();
    const known = new Map<number, string | null>();
    return (id) => {
      if (id === null) return null;
      const found = known.get(id);
      if (found !== undefined) return found;
      const text = (find.get(id) as string | undefined) ?? null;
      known.set(id, text);
      return text;
    };
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

import type { EventPlace, Form } from '../contract/rows.ts';
import { FLAGS } from '../event/columns.ts';
import { BlockCache } from './block-cache.ts';
import type { Connection } from './connection.ts';
import type { RecordPlace } from './incoming.ts';

/** The columns of one event in words. Times are microseconds since 1970 UTC. */
export interface EventFields {
  readonly id: number;
  readonly auditID: string;
  readonly time: number | null;
  readonly stageTime: number | null;
  readonly stage: string | null;
  readonly level: string | null;
  readonly verb: string | null;
  readonly user: string | null;
  /** JSON text of the list. */
  readonly groups: string | null;
  readonly impersonatedUser: string | null;
  /** JSON text of the list. */
  readonly sourceIPs: string | null;
  readonly userAgent: string | null;
  readonly apiGroup: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly code: number | null;
  readonly decision: string | null;
  readonly server: string | null;
  readonly cluster: string | null;
  readonly format: string | null;
  readonly flags: readonly string[];
}

type Row = readonly [
  id: number,
  auditId: Buffer | string,
  time: number | null,
  elapsed: number,
  actor: number,
  address: number | null,
  agent: number | null,
  operation: number,
  namespace: number | null,
  name: number | null,
  answer: number,
  reading: number,
];

const COLUMNS = [
  'id',
  'audit_id',
  'time',
  'elapsed',
  'actor',
  'address',
  'agent',
  'operation',
  'namespace',
  'name',
  'answer',
  'reading',
]
  .map((name) => `event.${name}`)
  .join(', ');

const RECORD = 'SELECT block, start, length, reading FROM event WHERE id = ?';

const PLACES = `
  SELECT file.path AS file, evidence.path, hex(evidence.sha256) AS sha256, place.offset, place.length, term.text AS inner, reading.form
  FROM (
  SELECT block.evidence, block.offset + event.start AS offset, event.length, event.reading, 1 AS is_equal
  FROM event JOIN block ON block.id = event.block WHERE event.id = :id
  UNION ALL SELECT evidence, offset, length, reading, is_equal FROM copy WHERE event = :id
  ) AS place
  JOIN evidence ON evidence.id = place.evidence JOIN file ON file.id = evidence.file
  JOIN reading ON reading.id = place.reading LEFT JOIN term ON term.id = reading.inner
  ORDER BY place.is_equal DESC, evidence.sha256, place.offset, evidence.path`;

/** How a record was read, and where. */
type Reading = Pick<EventFields, 'server' | 'cluster' | 'flags'> & Pick<RecordPlace, 'form' | 'inner' | 'format'>;

/** Texts, and rows of each dictionary, that are kept in memory. */
const MOST_REMEMBERED = 100_000;

/** Events that are asked for with one query. */
const AT_ONCE = 4096;

/** Reads events of a case: their columns, where they stand, and their bytes. */
export class EventReader {
  readonly #db: Connection;
  readonly #blocks: BlockCache;
  readonly #term;
  readonly #byId;
  readonly #byIds;
  readonly #placesOf;
  readonly #recordOf;
  readonly #tuples;
  readonly #terms = new Map<number, string>();
  readonly #actors = new Map<number, Pick<EventFields, 'user' | 'groups' | 'impersonatedUser'>>();
  readonly #operations = new Map<number, Pick<EventFields, 'verb' | 'apiGroup' | 'resource' | 'subresource'>>();
  readonly #answers = new Map<number, Pick<EventFields, 'stage' | 'level' | 'code' | 'decision'>>();
  readonly #readings = new Map<number, Reading>();
  #conflicts: Set<number> | null = null;

  constructor(db: Connection) {
    this.#db = db;
    this.#blocks = new BlockCache(db, 24);
    this.#term = db.prepare('SELECT text FROM term WHERE id = ?').pluck();
    this.#byId = db.prepare(`SELECT ${COLUMNS} FROM event WHERE id = ?`).raw();
    this.#byIds = db.prepare(`SELECT ${COLUMNS} FROM event WHERE id IN (SELECT value FROM json_each(?))`).raw();
    this.#placesOf = db.prepare(PLACES);
    this.#recordOf = db.prepare(RECORD).raw();
    this.#tuples = {
      actor: db.prepare('SELECT * FROM actor WHERE id = ?'),
      operation: db.prepare('SELECT * FROM operation WHERE id = ?'),
      answer: db.prepare('SELECT * FROM answer WHERE id = ?'),
      reading: db.prepare('SELECT * FROM reading WHERE id = ?'),
    };
  }

  /** One event's columns, or undefined. */
  get(id: number): EventFields | undefined {
    const row = this.#byId.get(id) as Row | undefined;
    return row === undefined ? undefined : this.#fields(row);
  }

  /** The columns of many events at once; those that are not there are left out. */
  many(ids: readonly number[]): EventFields[] {
    const found: EventFields[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const rows = this.#byIds.all(JSON.stringify(ids.slice(from, from + AT_ONCE))) as Row[];
      for (const row of rows) found.push(this.#fields(row));
    }
    return found;
  }

  /** Events of one received time: the stages of a request are among them. */
  atTime(time: number): EventFields[] {
    const rows = this.#db.prepare(`SELECT ${COLUMNS} FROM event WHERE time = ? ORDER BY id`).raw().all(time) as Row[];
    return rows.map((row) => this.#fields(row));
  }

  /** The record that represents an event, in its unpacked block. */
  record(id: number): RecordPlace {
    const { block, ...place } = this.place(id);
    return { ...place, block: this.#blocks.get(block) };
  }

  /** Makes the events of a block quick to read, off this thread. */
  async unpack(block: number): Promise<void> {
    await this.#blocks.unpack(block);
  }

  /** The same without its block. */
  place(id: number): Omit<RecordPlace, 'block'> & { readonly block: number } {
    const [block, start, length, reading] = this.#recordOf.get(id) as [number, number, number, number];
    const { form, inner, format } = this.#reading(reading);
    return { block, start, length, form, inner, format };
  }

  /** The block of an event, or undefined. */
  blockOf(id: number): number | undefined {
    return (this.#recordOf.get(id) as readonly [number] | undefined)?.[0];
  }

  /**
   * Where an event stands: the places that say all of it, first by the member's hash and the offset whatever the order of
   * the imports, then those that lost fields.
   */
  places(id: number): EventPlace[] {
    const rows = this.#placesOf.all({ id }) as (Omit<EventPlace, 'wrapped'> & { form: Form })[];
    return rows.map((row) => ({ ...row, sha256: row.sha256.toLowerCase(), wrapped: row.form !== 'verbatim' }));
  }

  /** The record of an event at one of its places, as it stands in the unpacked member. */
  bytesAt(id: number, place: Pick<EventPlace, 'sha256' | 'offset' | 'length'>): Uint8Array {
    const copy = this.#db
      .prepare(
        `SELECT copy.block AS block, copy.offset - block.offset AS start FROM copy
         JOIN block ON block.id = copy.block JOIN evidence ON evidence.id = copy.evidence
         WHERE copy.event = ? AND evidence.sha256 = ? AND copy.offset = ? AND block.evidence = copy.evidence`,
      )
      .get(id, Buffer.from(place.sha256, 'hex'), place.offset) as { block: number; start: number } | undefined;
    if (copy !== undefined) return this.#blocks.get(copy.block).bytes.subarray(copy.start, copy.start + place.length);
    const { block, start, length } = this.record(id);
    return block.bytes.subarray(start, start + length);
  }

  #fields([
    id,
    auditId,
    time,
    elapsed,
    actor,
    address,
    agent,
    operation,
    namespace,
    name,
    answer,
    reading,
  ]: Row): EventFields {
    const who = this.#actor(actor);
    const what = this.#operation(operation);
    const how = this.#answer(answer);
    const read = this.#reading(reading);
    return {
      id,
      auditID: auditIdText(auditId),
      time,
      stageTime: time === null ? null : time + elapsed,
      stage: how.stage,
      level: how.level,
      verb: what.verb,
      user: who.user,
      groups: who.groups,
      impersonatedUser: who.impersonatedUser,
      sourceIPs: this.#text(address),
      userAgent: this.#text(agent),
      apiGroup: what.apiGroup,
      resource: what.resource,
      subresource: what.subresource,
      namespace: this.#text(namespace),
      name: this.#text(name),
      code: how.code,
      decision: how.decision,
      server: read.server,
      cluster: read.cluster,
      format: read.format,
      flags: this.#flags(id, read.flags),
    };
  }

  #actor(id: number) {
    return remembered(this.#actors, id, () => {
      const row = this.#tuple('actor', id);
      return {
        user: this.#text(row['user']),
        groups: this.#text(row['groups']),
        impersonatedUser: this.#text(row['impersonated_user']),
      };
    });
  }

  #operation(id: number) {
    return remembered(this.#operations, id, () => {
      const row = this.#tuple('operation', id);
      return {
        verb: this.#text(row['verb']),
        apiGroup: this.#text(row['api_group']),
        resource: this.#text(row['resource']),
        subresource: this.#text(row['subresource']),
      };
    });
  }

  #answer(id: number) {
    return remembered(this.#answers, id, () => {
      const row = this.#tuple('answer', id);
      return {
        stage: this.#text(row['stage']),
        level: this.#text(row['level']),
        code: (row['code'] as number | null) ?? null,
        decision: this.#text(row['decision']),
      };
    });
  }

  #reading(id: number) {
    return remembered(this.#readings, id, () => {
      const row = this.#tuple('reading', id);
      const bits = row['flags'] as number;
      return {
        server: this.#text(row['server']),
        cluster: this.#text(row['cluster']),
        format: this.#text(row['format']),
        inner: this.#text(row['inner']),
        form: row['form'] as Form,
        flags: Object.entries(FLAGS)
          .filter(([, bit]) => (bits & bit) !== 0)
          .map(([flag]) => flag),
      };
    });
  }

  /** Events were added: there may be more conflicts. */
  forgetConflicts(): void {
    this.#conflicts = null;
  }

  #flags(id: number, named: readonly string[]): readonly string[] {
    this.#conflicts ??= new Set(
      this.#db.prepare('SELECT event FROM conflict UNION SELECT other FROM conflict').pluck().all() as number[],
    );
    return this.#conflicts.has(id) ? [...named, 'conflict'] : named;
  }

  #text(id: number | string | null | undefined): string | null {
    if (typeof id !== 'number') return null;
    const known = this.#terms.get(id);
    if (known !== undefined) return known;
    const text = this.#term.get(id) as string;
    if (this.#terms.size >= MOST_REMEMBERED) this.#terms.clear();
    this.#terms.set(id, text);
    return text;
  }

  #tuple(table: 'actor' | 'operation' | 'answer' | 'reading', id: number): Tuple {
    return this.#tuples[table].get(id) as Tuple;
  }
}

type Tuple = Readonly<Record<string, number | string | null>>;

function remembered<T>(known: Map<number, T>, id: number, find: () => T): T {
  const found = known.get(id);
  if (found !== undefined) return found;
  if (known.size >= MOST_REMEMBERED) known.clear();
  const value = find();
  known.set(id, value);
  return value;
}

/** An audit id as text, from how it is stored. */
export function auditIdText(stored: Buffer | string): string {
  return typeof stored === 'string' ? stored : uuidOf(stored);
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

import { FLAGS } from '../event/columns.ts';
import { columnChunks } from './case-columns.ts';
import { joinWords, PLANES, type Plane } from './column-chunk.ts';
import type { Connection } from './connection.ts';
import { KeyTable } from './key-table.ts';

/** Into how many equal stretches the time of a case is cut, to see what was missing in part of it. */
export const STRETCHES = 256;
/** Kinds of events of which the stretches are counted; a log with more has its time looked at only as a whole. */
const MOST_COUNTED = 8_000;

/** What was recorded of one kind of event: one operation at one stage and level, with or without its bodies. */
export interface ObservedKind {
  readonly cluster: string | null;
  readonly server: string | null;
  readonly apiGroup: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
  readonly verb: string | null;
  readonly stage: string | null;
  readonly level: string | null;
  readonly hasRequestBody: boolean;
  readonly hasResponseBody: boolean;
  readonly count: number;
  /** Events by stretch; null past the cap. */
  readonly stretches: Uint32Array | null;
}

/** What a log has recorded: a summary by kinds of events, and which fields it has at all. */
export interface Observation {
  readonly events: number;
  /** First and last received time, microseconds since 1970 UTC; null in a case without times. */
  readonly span: { readonly from: number; readonly to: number } | null;
  readonly kinds: readonly ObservedKind[];
  /** Whether any event has such a field. */
  readonly has: {
    readonly user: boolean;
    readonly groups: boolean;
    readonly sourceIPs: boolean;
    readonly userAgent: boolean;
    readonly decision: boolean;
    /** Annotations besides the authorizer's. */
    readonly moreAnnotations: boolean;
  };
}

/** Counts what a case has recorded: one pass over the columns of its events. */
export function observe(db: Connection): Observation {
  const span = spanOf(db);
  const counted = countKinds(db, span);
  return {
    events: db.prepare('SELECT count(*) FROM event').pluck().get() as number,
    span,
    kinds: mergeKinds(db, counted.kinds),
    has: {
      user: exists(db, 'SELECT 1 FROM actor WHERE user IS NOT NULL'),
      groups: exists(db, 'SELECT 1 FROM actor WHERE groups IS NOT NULL'),
      sourceIPs: counted.hasAddress,
      userAgent: counted.hasAgent,
      decision: exists(db, 'SELECT 1 FROM answer WHERE decision IS NOT NULL'),
      moreAnnotations: exists(db, `SELECT 1 FROM reading WHERE flags & ${FLAGS.hasMoreAnnotations} <> 0`),
    },
  };
}

const exists = (db: Connection, query: string): boolean => db.prepare(`${query} LIMIT 1`).get() !== undefined;

function spanOf(db: Connection): Observation['span'] {
  const from = db.prepare('SELECT min(time) FROM event').pluck().get() as number | null;
  const to = db.prepare('SELECT max(time) FROM event').pluck().get() as number | null;
  return from === null || to === null ? null : { from, to };
}

interface Counted {
  readonly operation: number;
  readonly answer: number;
  readonly reading: number;
  count: number;
  readonly stretches: Uint32Array | null;
}

function countKinds(db: Connection, span: Observation['span']) {
  const kinds: Counted[] = [];
  const table = new KeyTable(3);
  const key = new Int32Array(3);
  const width = span === null ? 1 : (span.to - span.from + 1) / STRETCHES;
  let address = 0;
  let agent = 0;
  for (const { planes } of columnChunks(db)) {
    const rows = planes.length / PLANES.length;
    const plane = (name: Plane) => planes.subarray(PLANES.indexOf(name) * rows, (PLANES.indexOf(name) + 1) * rows);
    const [low, high, operation, answer, reading] = [
      plane('timeLow'),
      plane('timeHigh'),
      plane('operation'),
      plane('answer'),
      plane('reading'),
    ] as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
    for (const id of plane('address')) address |= id;
    for (const id of plane('agent')) agent |= id;
    for (let row = 0; row < rows; row++) {
      key[0] = operation[row] as number;
      key[1] = answer[row] as number;
      key[2] = reading[row] as number;
      const number = table.find(key);
      if (number > kinds.length) kinds.push(newKind(kinds.length, key));
      const kind = kinds[number - 1] as Counted;
      kind.count++;
      const time = joinWords(low[row] as number, high[row] as number);
      if (kind.stretches === null || span === null || Number.isNaN(time)) continue;
      const stretch = Math.min(STRETCHES - 1, Math.max(0, Math.floor((time - span.from) / width)));
      kind.stretches[stretch] = (kind.stretches[stretch] as number) + 1;
    }
  }
  return { kinds, hasAddress: address !== 0, hasAgent: agent !== 0 };
}

function newKind(before: number, key: Int32Array): Counted {
  const [operation, answer, reading] = key as unknown as readonly [number, number, number];
  const stretches = before < MOST_COUNTED ? new Uint32Array(STRETCHES) : null;
  return { operation, answer, reading, count: 0, stretches };
}

const OPERATION = `SELECT id,
  (SELECT text FROM term WHERE id = verb) AS verb, (SELECT text FROM term WHERE id = api_group) AS apiGroup,
  (SELECT text FROM term WHERE id = resource) AS resource, (SELECT text FROM term WHERE id = subresource) AS subresource
  FROM operation`;
const ANSWER = `SELECT id,
  (SELECT text FROM term WHERE id = stage) AS stage, (SELECT text FROM term WHERE id = level) AS level FROM answer`;
const READING = `SELECT id, flags, (SELECT text FROM term WHERE id = cluster) AS cluster,
  (SELECT text FROM term WHERE id = server) AS server FROM reading`;

/** Kinds in words, those that differ only in what coverage does not ask for (codes, formats) as one, in the order of their texts. */
function mergeKinds(db: Connection, counted: readonly Counted[]): ObservedKind[] {
  const isCounted = counted.length <= MOST_COUNTED;
  const operations = rowsOf<'verb' | 'apiGroup' | 'resource' | 'subresource'>(db, OPERATION);
  const answers = rowsOf<'stage' | 'level'>(db, ANSWER);
  const readings = new Map(
    (db.prepare(READING).all() as { id: number; flags: number; cluster: string | null; server: string | null }[]).map(
      (row) => [row.id, row],
    ),
  );
  const merged = new Map<string, { words: Words; count: number; stretches: Uint32Array | null }>();
  for (const { operation, answer, reading, count, stretches } of counted) {
    const read = readings.get(reading);
    const words = {
      cluster: read?.cluster ?? null,
      server: read?.server ?? null,
      ...textsOf(operations.get(operation)),
      ...textsOf(answers.get(answer)),
      hasRequestBody: ((read?.flags ?? 0) & FLAGS.hasRequestBody) !== 0,
      hasResponseBody: ((read?.flags ?? 0) & FLAGS.hasResponseBody) !== 0,
    } as Words;
    const key = JSON.stringify(Object.values(words));
    // All kinds have their stretches or none: which of them came first depends on the order of the files.
    const kind = merged.get(key) ?? { words, count: 0, stretches: isCounted ? new Uint32Array(STRETCHES) : null };
    kind.count += count;
    addTo(kind.stretches, stretches);
    merged.set(key, kind);
  }
  const ordered = [...merged].sort(([a], [b]) => (a < b ? -1 : 1));
  return ordered.map(([, { words, ...counts }]) => ({ ...words, ...counts }));
}

type Words = Omit<ObservedKind, 'count' | 'stretches'>;

function addTo(total: Uint32Array | null, more: Uint32Array | null): void {
  if (total === null || more === null) return;
  for (let at = 0; at < STRETCHES; at++) total[at] = (total[at] as number) + (more[at] as number);
}

function textsOf<Row extends { readonly id: number }>(row: Row | undefined): Omit<Row, 'id'> {
  const { id: _, ...texts } = row ?? ({ id: 0 } as Row);
  return texts;
}

function rowsOf<Name extends string>(
  db: Connection,
  query: string,
): Map<number, { id: number } & Record<Name, string | null>> {
  const rows = db.prepare(query).all() as ({ id: number } & Record<Name, string | null>)[];
  return new Map(rows.map((row) => [row.id, row]));
}

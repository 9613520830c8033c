import { columnChunks } from './case-columns.ts';
import { joinWords, PLANES, type Plane } from './column-chunk.ts';
import type { Connection } from './connection.ts';

/** Into how many moments the time of a case is cut to hear the rhythm of its API servers: 128 KiB a server. */
const MOMENTS = 2 ** 20;
/** A case with more servers is listened to as one. */
const MOST_SERVERS = 1_000;
/** How far the time of an event may lie before one that was written earlier: a server writes side by side, and in batches. */
const STEP_US = 60_000_000;
/** So many events in a row lie before the one written earlier: then it is no straggler. */
const STEP_EVENTS = 10;
/** More steps than this and a member is not in the order of its writing. */
const MOST_STEPS = 5;

export interface ServerName {
  readonly server: string | null;
  readonly cluster: string | null;
}

/** A time without events between two of a server. Microseconds since 1970 UTC. */
export interface Pause {
  readonly from: number;
  readonly to: number;
}

/** When one API server wrote. */
export interface ServerRhythm extends ServerName {
  readonly events: number;
  readonly first: number;
  readonly last: number;
  /** Lengths in moments of the ways from one moment with events to the next, by length: how many of them. */
  readonly steps: ReadonlyMap<number, number>;
  /** Pauses of at least that many moments, in the order of time. */
  pauses(moments: number): Pause[];
}

/** Time that jumps back within a member, in the order of writing. */
export interface TimeStep {
  readonly evidence: number;
  readonly from: number;
  readonly to: number;
  /** Set where there are so many that the member is in no order. */
  readonly steps?: number;
}

export interface Rhythm {
  /** Microseconds that a moment lasts. */
  readonly momentUs: number;
  readonly servers: readonly ServerRhythm[];
  readonly timeSteps: readonly TimeStep[];
}

/** Listens to all API servers of a case: one pass over the columns, in memory that depends on their number alone. */
export function hearRhythm(db: Connection): Rhythm {
  const from = db.prepare('SELECT min(time) FROM event').pluck().get() as number | null;
  const to = db.prepare('SELECT max(time) FROM event').pluck().get() as number | null;
  if (from === null || to === null) return { momentUs: 1, servers: [], timeSteps: [] };
  const momentUs = Math.max(1, (to - from + 1) / MOMENTS);
  const readings = readingsOf(db);
  const servers = new Map<string, Listener>();
  const listeners = new Map<number, Listener>();
  const order = new WritingOrder(db);
  let event = -1;
  for (const { id, planes } of columnChunks(db)) {
    const rows = planes.length / PLANES.length;
    const plane = (name: Plane) => planes.subarray(PLANES.indexOf(name) * rows, (PLANES.indexOf(name) + 1) * rows);
    const [low, high, more, above] = [plane('timeLow'), plane('timeHigh'), plane('elapsedLow'), plane('elapsedHigh')];
    const [block, reading] = [plane('block'), plane('reading')];
    event = Math.max(1, id << 12);
    for (let row = 0; row < rows; row++) {
      const time = joinWords(low[row] as number, high[row] as number);
      const read = readings.get(reading[row] as number);
      if (Number.isNaN(time) || read === undefined) continue;
      const listener = listeners.get(read.id) ?? listenerOf(servers, read);
      listeners.set(read.id, listener);
      listener.add(Math.min(MOMENTS - 1, Math.floor((time - from) / momentUs)), time);
      if (!read.isWritten) continue;
      order.add(event + row, block[row] as number, time + joinWords(more[row] as number, above[row] as number));
    }
  }
  const heard = [...servers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, listener]) => listener.rhythm(db, from, momentUs));
  return { momentUs, servers: heard, timeSteps: order.steps() };
}

interface Reading extends ServerName {
  readonly id: number;
  /** Whether records stand as the API server wrote them, so that their order is that of its writing. */
  readonly isWritten: boolean;
}

export function readingsOf(db: Connection): Map<number, Reading> {
  const rows = db
    .prepare(
      `SELECT id, form, (SELECT text FROM term WHERE id = format) AS format,
        (SELECT text FROM term WHERE id = server) AS server, (SELECT text FROM term WHERE id = cluster) AS cluster FROM reading`,
    )
    .all() as { id: number; form: string; format: string | null; server: string | null; cluster: string | null }[];
  const names = new Set(rows.map(({ server, cluster }) => JSON.stringify([cluster, server])));
  const isMany = names.size > MOST_SERVERS;
  return new Map(
    rows.map(({ id, form, format, server, cluster }) => [
      id,
      {
        id,
        server: isMany ? null : server,
        cluster: isMany ? null : cluster,
        isWritten: form === 'verbatim' && format === 'k8s-audit-jsonl',
      },
    ]),
  );
}

function listenerOf(servers: Map<string, Listener>, { server, cluster, id }: Reading): Listener {
  const key = JSON.stringify([cluster ?? '', server ?? '']);
  let listener = servers.get(key);
  if (listener === undefined) {
    listener = new Listener({ server, cluster });
    servers.set(key, listener);
  }
  listener.readings.add(id);
  return listener;
}

/** The moments in which one server wrote, a bit each. */
class Listener {
  readonly readings = new Set<number>();
  readonly #name: ServerName;
  readonly #moments = new Uint32Array(MOMENTS / 32);
  #events = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(name: ServerName) {
    this.#name = name;
  }

  add(moment: number, time: number): void {
    this.#events++;
    if (time < this.#first) this.#first = time;
    if (time > this.#last) this.#last = time;
    this.#moments[moment >> 5] = (this.#moments[moment >> 5] as number) | (1 << (moment & 31));
  }

  rhythm(db: Connection, from: number, momentUs: number): ServerRhythm {
    const steps = new Map<number, number>();
    for (const { length } of this.#ways()) steps.set(length, (steps.get(length) ?? 0) + 1);
    return {
      ...this.#name,
      events: this.#events,
      first: this.#first,
      last: this.#last,
      steps,
      pauses: (moments) => this.#pauses(db, moments, (moment) => from + moment * momentUs),
    };
  }

  *#ways(): Generator<{ readonly from: number; readonly length: number }> {
    let before = -1;
    for (let word = 0; word < this.#moments.length; word++) {
      const bits = this.#moments[word] as number;
      if (bits === 0) continue;
      for (let bit = 0; bit < 32; bit++) {
        if ((bits & (1 << bit)) === 0) continue;
        const moment = word * 32 + bit;
        if (before >= 0) yield { from: before, length: moment - before };
        before = moment;
      }
    }
  }

  /** The exact times are asked for, since a moment of a long case may last long. */
  #pauses(db: Connection, moments: number, timeOf: (moment: number) => number): Pause[] {
    const among = [...this.readings].sort((a, b) => a - b).join(', ');
    const last = db
      .prepare(`SELECT time FROM event WHERE time < ? AND reading IN (${among}) ORDER BY time DESC LIMIT 1`)
      .pluck();
    const next = db
      .prepare(`SELECT time FROM event WHERE time >= ? AND reading IN (${among}) ORDER BY time LIMIT 1`)
      .pluck();
    const found: Pause[] = [];
    for (const way of this.#ways()) {
      if (way.length < moments) continue;
      const middle = Math.ceil(timeOf(way.from + 1));
      found.push({ from: last.get(middle) as number, to: next.get(middle) as number });
    }
    return found;
  }
}

interface Written {
  /** Latest time so far. */
  latest: number;
  /** Events since that lie before it, the first and the latest of them. */
  below: number;
  belowFirst: number;
  belowLatest: number;
  steps: TimeStep[];
}

const begun = (time: number): Written => ({ latest: time, below: 0, belowFirst: 0, belowLatest: 0, steps: [] });

/** Follows the times of each member in the order of writing. */
class WritingOrder {
  readonly #evidenceOf: ReadonlyMap<number, number>;
  readonly #moved: ReadonlySet<number>;
  readonly #members = new Map<number, Written>();
  #block = -1;
  #current = { evidence: 0, member: begun(0) };

  constructor(db: Connection) {
    const blocks = db.prepare('SELECT id, evidence FROM block').raw().all() as [number, number][];
    this.#evidenceOf = new Map(blocks);
    this.#moved = new Set(db.prepare('SELECT event FROM moved').pluck().all() as number[]);
  }

  add(event: number, block: number, time: number): void {
    if (this.#moved.size > 0 && this.#moved.has(event)) return;
    if (block !== this.#block) this.#turnTo(block, time);
    const { evidence, member } = this.#current;
    if (time >= member.latest - STEP_US) {
      member.latest = Math.max(member.latest, time);
      member.below = 0;
      return;
    }
    if (member.below === 0) member.belowFirst = time;
    member.belowLatest = member.below === 0 ? time : Math.max(member.belowLatest, time);
    if (++member.below < STEP_EVENTS) return;
    if (member.steps.length <= MOST_STEPS) member.steps.push({ evidence, from: member.latest, to: member.belowFirst });
    member.latest = member.belowLatest;
    member.below = 0;
  }

  #turnTo(block: number, time: number): void {
    const evidence = this.#evidenceOf.get(block) ?? 0;
    const member = this.#members.get(evidence) ?? begun(time);
    this.#members.set(evidence, member);
    this.#block = block;
    this.#current = { evidence, member };
  }

  steps(): TimeStep[] {
    const members = [...this.#members].sort(([a], [b]) => a - b);
    return members.flatMap(([, { steps }]) =>
      steps.length > MOST_STEPS ? [{ ...(steps[0] as TimeStep), steps: steps.length }] : steps,
    );
  }
}

import type { MarkGlance } from '../contract/event-calls.ts';
import type { MarkKind } from '../contract/mark-calls.ts';
import type { Connection } from './connection.ts';

export type MarkTargetKind = 'event' | 'alert' | 'incident' | 'entity' | 'time';

/** What a mark stands on. `name` is lasting: it means the same in a copy of the case, and after the rules have run again. */
export interface MarkPlace {
  readonly kind: MarkTargetKind;
  readonly name: string;
  /** Id of the event, of an event's mark. */
  readonly event: number | null;
}

export interface StoredMark {
  readonly id: number;
  readonly kind: MarkKind;
  readonly targetKind: MarkTargetKind;
  readonly target: string;
  readonly event: number | null;
  readonly text: string;
  readonly examiner: string;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
}

export interface MarkSelection {
  readonly place?: Pick<MarkPlace, 'kind' | 'name'>;
  readonly kinds?: readonly MarkKind[];
  readonly after?: number;
  readonly limit?: number;
}

const COLUMNS = 'id, kind, target_kind AS targetKind, target, event, text, examiner, time';
const NO_MARKS: MarkGlance = { isStarred: false, tags: [], notes: 0 };

/** What people have put on things of a case. Changes belong into a transaction with their action. */
export class Marks {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Oldest first. */
  list({ place, kinds, after = 0, limit = -1 }: MarkSelection = {}): StoredMark[] {
    return this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM mark WHERE removed IS NULL AND id > :after
         AND (:targetKind IS NULL OR target_kind = :targetKind AND target = :target)
         AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds))) ORDER BY id LIMIT :limit`,
      )
      .all({
        ...{ after, limit, targetKind: place?.kind ?? null, target: place?.name ?? null },
        kinds: kinds === undefined ? null : JSON.stringify(kinds),
      }) as StoredMark[];
  }

  get(id: number): StoredMark | undefined {
    return this.#db.prepare(`SELECT ${COLUMNS} FROM mark WHERE id = ? AND removed IS NULL`).get(id) as
      | StoredMark
      | undefined;
  }

  /** Tags in use, most used first. */
  tags(): { tag: string; count: number }[] {
    return this.#db
      .prepare(
        "SELECT text AS tag, count(*) AS count FROM mark WHERE kind = 'tag' AND removed IS NULL GROUP BY text ORDER BY count DESC, text",
      )
      .all() as { tag: string; count: number }[];
  }

  /** The marks of one kind and text on a place: a star or tag is put there once. */
  find(kind: MarkKind, text: string, place: MarkPlace): number[] {
    return this.#db
      .prepare(
        'SELECT id FROM mark WHERE kind = ? AND text = ? AND target_kind = ? AND target = ? AND removed IS NULL ORDER BY id',
      )
      .pluck()
      .all(kind, text, place.kind, place.name) as number[];
  }

  add(kind: MarkKind, text: string, place: MarkPlace, examiner: string, time: number): number {
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO mark (kind, target_kind, target, event, text, examiner, time) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(kind, place.kind, place.name, place.event, text, examiner, time);
    return Number(lastInsertRowid);
  }

  setText(id: number, text: string): void {
    this.#db.prepare('UPDATE mark SET text = ? WHERE id = ?').run(text, id);
  }

  /** Leaves a tombstone; null takes it away again. */
  setRemoved(ids: readonly number[], time: number | null): void {
    const set = this.#db.prepare('UPDATE mark SET removed = ? WHERE id = ?');
    for (const id of ids) set.run(time, id);
  }

  /** Marks of an alert go over to its heir in a new run. */
  move(kind: MarkTargetKind, from: string, to: string): void {
    this.#db.prepare('UPDATE mark SET target = ? WHERE target_kind = ? AND target = ?').run(to, kind, from);
  }

  /** Names of the places of a kind that bear marks. */
  marked(kind: MarkTargetKind): ReadonlySet<string> {
    const names = this.#db
      .prepare('SELECT DISTINCT target FROM mark WHERE target_kind = ? AND removed IS NULL')
      .pluck()
      .all(kind) as string[];
    return new Set(names);
  }

  /** All marks of a kind of place in short, by the place's name. */
  glances(kind: MarkTargetKind): ReadonlyMap<string, MarkGlance> {
    const rows = this.#db
      .prepare('SELECT target AS place, kind, text FROM mark WHERE target_kind = ? AND removed IS NULL ORDER BY id')
      .all(kind) as Noted<string>[];
    return glancesOf(rows);
  }

  /** Marks of these events in short, by id. */
  eventGlances(ids: readonly number[]): ReadonlyMap<number, MarkGlance> {
    const rows = this.#db
      .prepare(
        'SELECT event AS place, kind, text FROM mark WHERE event IN (SELECT value FROM json_each(?)) AND removed IS NULL ORDER BY id',
      )
      .all(JSON.stringify(ids)) as Noted<number>[];
    return glancesOf(rows);
  }
}

interface Noted<Place> {
  readonly place: Place;
  readonly kind: MarkKind;
  readonly text: string;
}

function glancesOf<Place>(rows: readonly Noted<Place>[]): ReadonlyMap<Place, MarkGlance> {
  const found = new Map<Place, MarkGlance>();
  for (const { place, kind, text } of rows) {
    const { isStarred, tags, notes } = found.get(place) ?? NO_MARKS;
    found.set(place, {
      isStarred: isStarred || kind === 'star',
      tags: kind === 'tag' ? [...tags, text] : tags,
      notes: notes + (kind === 'note' || kind === 'verdict' ? 1 : 0),
    });
  }
  return found;
}

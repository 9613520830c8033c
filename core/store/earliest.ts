import type { Connection } from './connection.ts';
import { auditIdText } from './event-reader.ts';

interface Found {
  readonly id: number;
  readonly time: number;
  readonly stageTime: number;
}

/** The earliest of many events, by time, stage time and audit id, in memory that does not grow with them. */
export class Earliest {
  readonly #auditId;
  readonly #most: number;
  readonly #auditIds = new Map<number, string>();
  #found: Found[] = [];

  constructor(db: Connection, most: number) {
    this.#auditId = db.prepare('SELECT audit_id FROM event WHERE id = ?').pluck();
    this.#most = most;
  }

  add(id: number, time: number, stageTime: number): void {
    this.#found.push({ id, time, stageTime });
    if (this.#found.length >= 2 * this.#most + 1024) this.#cut();
  }

  /** Ids of events, in their order. */
  ids(): number[] {
    this.#cut();
    return this.#found.map(({ id }) => id);
  }

  #cut(): void {
    this.#found = this.#found.sort((a, b) => this.#compare(a, b)).slice(0, this.#most);
  }

  #compare(a: Found, b: Found): number {
    const apart = a.time - b.time || a.stageTime - b.stageTime;
    if (apart !== 0) return apart;
    const [left, right] = [this.#auditIdOf(a.id), this.#auditIdOf(b.id)];
    return left < right ? -1 : left > right ? 1 : a.id - b.id;
  }

  #auditIdOf(id: number): string {
    const known = this.#auditIds.get(id) ?? auditIdText(this.#auditId.get(id) as Buffer | string);
    this.#auditIds.set(id, known);
    return known;
  }
}

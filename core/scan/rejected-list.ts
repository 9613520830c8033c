import type { RejectedPlace } from '../event/columns.ts';

/** Rejected records of one block that are told one by one. Usual text logs stay below it; millions of `{}` do not. */
const ONE_BY_ONE = 20_000;

/** What a block holds besides events. Past a bound, neighbours that were skipped for one reason share a place. */
export class RejectedList {
  readonly places: RejectedPlace[] = [];

  skipped(start: number, end: number, reason: string): void {
    const last = this.places.at(-1);
    const isShared =
      this.places.length >= ONE_BY_ONE && last?.kind === 'skipped' && last.reason === reason && last.end <= start;
    if (isShared) this.places[this.places.length - 1] = { ...last, end, count: last.count + 1 };
    else this.places.push({ start, end, kind: 'skipped', reason, auditID: null, count: 1 });
  }

  malformed(start: number, end: number, reason: string, auditID: string | null): void {
    this.places.push({ start, end, kind: 'malformed', reason, auditID, count: 1 });
  }
}

import type { Connection } from './connection.ts';

/** Pairs of events with one identity and contradicting content. */
export interface ConflictGlance {
  readonly count: number;
  /** Ids of some of them. */
  readonly auditIDs: readonly string[];
  /** Paths of the ledger lines in which they stand. */
  readonly paths: readonly string[];
}

const MOST_NAMED = 5;

export function conflictsOf(db: Connection): ConflictGlance {
  const count = db.prepare('SELECT count(*) FROM conflict').pluck().get() as number;
  if (count === 0) return { count, auditIDs: [], paths: [] };
  const ids = db
    .prepare(
      `SELECT DISTINCT event_readable.audit_id FROM conflict JOIN event_readable ON event_readable.id = conflict.event ORDER BY 1 LIMIT ${MOST_NAMED}`,
    )
    .pluck()
    .all() as string[];
  const paths = db
    .prepare(
      `SELECT DISTINCT evidence.path FROM (SELECT event FROM conflict UNION SELECT other FROM conflict) AS one
       JOIN event ON event.id = one.event JOIN block ON block.id = event.block JOIN evidence ON evidence.id = block.evidence ORDER BY 1`,
    )
    .pluck()
    .all() as string[];
  return { count, auditIDs: ids, paths };
}

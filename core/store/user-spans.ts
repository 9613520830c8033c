import type { Connection } from './connection.ts';

/** First and last time, in microseconds, of each user whose name begins so. */
export function readUserSpans(db: Connection, prefix: string): { user: string; first: number; last: number }[] {
  return db
    .prepare(
      `SELECT term.text AS user, min(event.time) AS first, max(event.time) AS last FROM event
       JOIN actor ON actor.id = event.actor JOIN term ON term.id = actor.user
       WHERE event.time IS NOT NULL AND substr(term.text, 1, length(:prefix)) = :prefix GROUP BY term.text ORDER BY term.text`,
    )
    .all({ prefix }) as { user: string; first: number; last: number }[];
}

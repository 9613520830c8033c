import type { Connection } from './connection.ts';

/** Events in steps of time. `from` is microseconds, the start of the first step. */
export interface ActivitySteps {
  readonly from: number;
  readonly stepSeconds: number;
  readonly read: readonly number[];
  readonly write: readonly number[];
  readonly denied: readonly number[];
}

/** Steps that people read easily, in seconds. */
const STEPS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800, 2_592_000] as const;

/** Counts the events of a case in at most `most` steps of time; null where no event has a time. */
export function readActivity(db: Connection, most: number): ActivitySteps | null {
  const { first, last } = db.prepare('SELECT min(time) AS first, max(time) AS last FROM event').get() as {
    first: number | null;
    last: number | null;
  };
  if (first === null || last === null) return null;
  const stepSeconds = STEPS.find((step) => last / 1e6 - first / 1e6 < step * (most - 1)) ?? longStep(first, last, most);
  const stepUs = stepSeconds * 1_000_000;
  const from = Math.floor(first / stepUs) * stepUs;
  const steps = Math.floor((last - from) / stepUs) + 1;
  return { from, stepSeconds, ...countsOf(db, from, stepUs, steps) };
}

const longStep = (first: number, last: number, most: number): number =>
  Math.ceil((last - first) / 1e6 / (most - 1) / 86_400) * 86_400;

function countsOf(db: Connection, from: number, stepUs: number, steps: number) {
  const empty = () => Array.from({ length: steps }, () => 0);
  const counts = { read: empty(), write: empty(), denied: empty() };
  const rows = db
    .prepare(
      `SELECT (event.time - :from) / :stepUs AS step,
        CASE WHEN answer.code IN (401, 403) THEN 'denied'
          WHEN term.text IN ('create', 'update', 'patch', 'delete', 'deletecollection') THEN 'write' ELSE 'read' END AS kind,
        count(*) AS count
       FROM event JOIN operation ON operation.id = event.operation JOIN answer ON answer.id = event.answer
       LEFT JOIN term ON term.id = operation.verb
       WHERE event.time IS NOT NULL GROUP BY step, kind ORDER BY step, kind`,
    )
    .all({ from: BigInt(from), stepUs: BigInt(stepUs) }) as {
    step: number;
    kind: keyof typeof counts;
    count: number;
  }[];
  for (const { step, kind, count } of rows) counts[kind][step] = count;
  return counts;
}

import type { QueryClient } from '@tanstack/react-query';
import type { AlertDetail, AlertLine } from '../../../core/contract/alert-calls.ts';
import type { Status } from '../../../core/contract/rows.ts';

/** Writes a decision into what has been read already: going back must not show the status before, not even for a moment. */
export function showDecided(client: QueryClient, ids: readonly number[], status: Status, reason: string): void {
  const decided = new Set(ids);
  for (const id of ids)
    client.setQueryData<AlertDetail>(['alerts/detail', { id }], (before) =>
      before === undefined
        ? undefined
        : { ...before, reason, alert: { ...before.alert, status }, line: { ...before.line, status } },
    );
  client.setQueriesData<{ readonly lines: readonly AlertLine[]; readonly total: number }>(
    { queryKey: ['alerts/page'] },
    (before) =>
      before === undefined
        ? undefined
        : { ...before, lines: before.lines.map((line) => (decided.has(line.id) ? { ...line, status } : line)) },
  );
}

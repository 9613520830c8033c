import type { QueryClient } from '@tanstack/react-query';
import type { AlertDetail, AlertLine } from '../../../core/contract/alert-calls.ts';
import type { Status } from '../../../core/contract/rows.ts';

/** Alerts as the list has gathered them, or as one page. */
type Listed = { readonly lines: readonly AlertLine[] } | { readonly rows: readonly AlertLine[] };

/** Writes a decision into what has been read already: going back must not show the status before, not even for a moment. */
export function showDecided(client: QueryClient, ids: readonly number[], status: Status, reason: string): void {
  const decided = new Set(ids);
  for (const id of ids)
    client.setQueryData<AlertDetail>(['alerts/detail', { id }], (before) =>
      before === undefined
        ? undefined
        : { ...before, reason, alert: { ...before.alert, status }, line: { ...before.line, status } },
    );
  const shown = (line: AlertLine): AlertLine => (decided.has(line.id) ? { ...line, status } : line);
  client.setQueriesData<Listed>({ queryKey: ['alerts/page'] }, (before) => {
    if (before === undefined) return undefined;
    return 'lines' in before
      ? { ...before, lines: before.lines.map(shown) }
      : { ...before, rows: before.rows.map(shown) };
  });
}

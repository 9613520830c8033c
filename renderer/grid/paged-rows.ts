import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { PAGE, PageAsker } from './page-asker.ts';

/** Pages beyond each edge that are fetched when the list has come to rest. */
const AHEAD = 2;
const REST_MS = 120;
/** A window full, before it is known how many rows there are. */
const FIRST_PAGES: readonly number[] = [0, 1];

export interface PagedRows<Row> {
  rowAt(ordinal: number): Row | undefined;
  onSight(first: number, last: number): void;
  readonly isLoading: boolean;
  readonly error: unknown;
}

/**
 * Fetches the pages in sight, keeps what was seen, and cancels what scrolled by. `fetch` answers rows from an ordinal on. What
 * comes into sight is asked for in `onSight` itself, before anything is drawn.
 */
export function usePagedRows<Row>(
  key: readonly unknown[],
  fetch: (first: number, limit: number, signal: AbortSignal) => Promise<readonly Row[]>,
): PagedRows<Row> {
  const client = useQueryClient();
  const [pages, setPages] = useState<readonly number[]>(FIRST_PAGES);
  const asker = useMemo(() => new PageAsker(fetch), [fetch]);
  const queryOf = (page: number) => ({
    queryKey: [...key, 'page', page],
    queryFn: ({ signal }: { signal: AbortSignal }) => asker.rows(page, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const queryRef = useRef(queryOf);
  queryRef.current = queryOf;
  const results = useQueries({ queries: pages.map(queryOf) });
  const isLoading = results.some((result) => result.isLoading);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has other pages
  const byPage = useMemo(() => {
    const map = new Map<number, readonly Row[]>();
    for (const [index, page] of pages.entries()) {
      const rows = results[index]?.data;
      if (rows !== undefined) map.set(page, rows);
    }
    return map;
  }, [pages, results, asker]);
  const rowAt = useCallback(
    (ordinal: number): Row | undefined => {
      const page = Math.floor(ordinal / PAGE);
      const rows = byPage.get(page) ?? client.getQueryData<readonly Row[]>(queryRef.current(page).queryKey);
      if (rows !== undefined) byPage.set(page, rows);
      return rows?.[ordinal % PAGE];
    },
    [byPage, client],
  );
  const wanted = useRef(pages);
  const onSight = useCallback(
    (first: number, last: number): void => {
      const next = pagesOf(first, last);
      if (isSame(wanted.current, next)) return;
      for (const page of wanted.current) {
        if (!next.includes(page)) void client.cancelQueries({ ...queryRef.current(page), exact: true });
      }
      wanted.current = next;
      for (const page of next) void client.prefetchQuery(queryRef.current(page));
      setPages(next);
    },
    [client],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has other neighbours
  useEffect(() => {
    if (isLoading) return;
    const timer = setTimeout(() => {
      for (const page of neighboursOf(pages)) void client.prefetchQuery(queryRef.current(page));
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [pages, isLoading, client, asker]);
  const error = results.find((result) => result.error !== null)?.error ?? null;
  return { rowAt, onSight, isLoading, error };
}

function pagesOf(first: number, last: number): number[] {
  const start = Math.floor(first / PAGE);
  return Array.from({ length: Math.floor(last / PAGE) - start + 1 }, (_, index) => start + index);
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((page, index) => page === b[index]);
}

function neighboursOf(pages: readonly number[]): number[] {
  const [first = 0, last = 0] = [pages[0], pages.at(-1)];
  const around = Array.from({ length: AHEAD }, (_, index) => [first - 1 - index, last + 1 + index]).flat();
  return around.filter((page) => page >= 0);
}

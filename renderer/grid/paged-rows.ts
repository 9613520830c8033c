import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';

/** A few screens: what a jump has to wait for. */
const PAGE = 100;

export interface PagedRows<Row> {
  rowAt(ordinal: number): Row | undefined;
  onSight(first: number, last: number): void;
  readonly isLoading: boolean;
  readonly error: unknown;
}

/** Fetches the pages in sight, keeps what was seen, and cancels what scrolled by. `fetch` answers rows from an ordinal on. */
export function usePagedRows<Row>(
  key: readonly unknown[],
  fetch: (first: number, limit: number, signal: AbortSignal) => Promise<readonly Row[]>,
): PagedRows<Row> {
  const [pages, setPages] = useState<readonly number[]>([0]);
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...key, 'page', page],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetch(page * PAGE, PAGE, signal),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const byPage = useMemo(() => {
    const map = new Map<number, readonly Row[]>();
    for (const [index, page] of pages.entries()) {
      const rows = results[index]?.data;
      if (rows !== undefined) map.set(page, rows);
    }
    return map;
  }, [pages, results]);
  const onSight = useCallback((first: number, last: number): void => {
    const wanted: number[] = [];
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) wanted.push(page);
    setPages((before) =>
      before.length === wanted.length && before.every((page, index) => page === wanted[index]) ? before : wanted,
    );
  }, []);
  return {
    rowAt: (ordinal) => byPage.get(Math.floor(ordinal / PAGE))?.[ordinal % PAGE],
    onSight,
    isLoading: results.some((result) => result.isLoading),
    error: results.find((result) => result.error !== null)?.error ?? null,
  };
}

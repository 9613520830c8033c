import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type FetchRows, PAGE, PageAsker } from './page-asker.ts';

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
 * Fetches the pages in sight, keeps what was seen, and cancels what scrolled by. What comes into sight is asked for in `onSight`
 * itself, before anything is drawn. `key` names the list; it and `fetch` stay the same objects as long as the list does.
 */
export function usePagedRows<Row>(key: readonly unknown[], fetch: FetchRows<Row>): PagedRows<Row> {
  const client = useQueryClient();
  const [pages, setPages] = useState<readonly number[]>(FIRST_PAGES);
  const queryOf = useMemo(() => queriesOf(key, new PageAsker(fetch)), [key, fetch]);
  const results = useQueries({ queries: pages.map(queryOf) });
  const isLoading = results.some((result) => result.isLoading);
  const seen = useMemo(() => ({ queryOf, rows: rowsByPage(pages, results) }), [queryOf, pages, results]);
  const rowAt = useCallback(
    (ordinal: number): Row | undefined => {
      const page = Math.floor(ordinal / PAGE);
      const rows = seen.rows.get(page) ?? client.getQueryData<readonly Row[]>(seen.queryOf(page).queryKey);
      if (rows !== undefined) seen.rows.set(page, rows);
      return rows?.[ordinal % PAGE];
    },
    [seen, client],
  );
  const wanted = useRef(pages);
  const onSight = useCallback(
    (first: number, last: number): void => {
      const next = pagesOf(first, last);
      if (isSame(wanted.current, next)) return;
      for (const page of wanted.current) {
        if (!next.includes(page)) void client.cancelQueries({ queryKey: queryOf(page).queryKey, exact: true });
      }
      wanted.current = next;
      for (const page of next) void client.prefetchQuery(queryOf(page));
      setPages(next);
    },
    [client, queryOf],
  );
  useEffect(() => {
    if (isLoading) return;
    const timer = setTimeout(() => {
      for (const page of neighboursOf(pages)) void client.prefetchQuery(queryOf(page));
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [pages, isLoading, client, queryOf]);
  const error = results.find((result) => result.error !== null)?.error ?? null;
  return { rowAt, onSight, isLoading, error };
}

/** The query of each page of a list. */
const queriesOf =
  <Row>(key: readonly unknown[], asker: PageAsker<Row>) =>
  (page: number) => ({
    queryKey: [...key, 'page', page],
    queryFn: ({ signal }: { signal: AbortSignal }) => asker.rows(page, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

function rowsByPage<Row>(
  pages: readonly number[],
  results: readonly { readonly data: readonly Row[] | undefined }[],
): Map<number, readonly Row[]> {
  const rows = new Map<number, readonly Row[]>();
  for (const [index, page] of pages.entries()) {
    const found = results[index]?.data;
    if (found !== undefined) rows.set(page, found);
  }
  return rows;
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

import { QueriesObserver, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
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
 * itself, and nothing is drawn before its rows have come. `key` names the list; it and `fetch` stay the same objects as long as the
 * list does.
 */
export function usePagedRows<Row>(key: readonly unknown[], fetch: FetchRows<Row>): PagedRows<Row> {
  const client = useQueryClient();
  const pages = useMemo(() => new PagesInSight(client, queriesOf(key, new PageAsker(fetch))), [client, key, fetch]);
  const { rows, isLoading, error } = useSyncExternalStore(pages.listen, pages.get);
  const rowAt = useCallback((ordinal: number) => pages.rowAt(rows, ordinal), [pages, rows]);
  return { rowAt, onSight: pages.show, isLoading, error };
}

type PageQuery<Row> = (page: number) => {
  readonly queryKey: readonly unknown[];
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<readonly Row[]>;
  readonly staleTime: number;
};

/** The query of each page of a list. */
const queriesOf =
  <Row>(key: readonly unknown[], asker: PageAsker<Row>): PageQuery<Row> =>
  (page) => ({
    queryKey: [...key, 'page', page],
    queryFn: ({ signal }) => asker.rows(page, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

type PageRows<Row> = Map<number, readonly Row[]>;

interface Seen<Row> {
  /** By page. */
  readonly rows: PageRows<Row>;
  readonly isLoading: boolean;
  readonly error: unknown;
}

/** The pages of a list that are in sight; tells when their rows are others, not that they are on their way. */
class PagesInSight<Row> {
  readonly #client: QueryClient;
  readonly #queryOf: PageQuery<Row>;
  readonly #observer: QueriesObserver;
  #pages = FIRST_PAGES;
  #seen: Seen<Row>;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient, queryOf: PageQuery<Row>) {
    this.#client = client;
    this.#queryOf = queryOf;
    this.#observer = new QueriesObserver(client, this.#pages.map(queryOf));
    this.#seen = this.#look();
  }

  readonly listen = (listener: () => void): (() => void) => {
    const end = this.#observer.subscribe(() => {
      const next = this.#look();
      if (!next.isLoading) this.#fetchAround();
      if (isSame(this.#seen, next)) return;
      this.#seen = next;
      listener();
    });
    return () => {
      clearTimeout(this.#rest);
      end();
    };
  };

  readonly get = (): Seen<Row> => this.#seen;

  readonly show = (first: number, last: number): void => {
    const next = pagesOf(first, last);
    if (next[0] === this.#pages[0] && next.length === this.#pages.length) return;
    clearTimeout(this.#rest);
    this.#pages = next;
    this.#observer.setQueries(next.map(this.#queryOf));
  };

  /** Rows that were seen before are remembered by the client. */
  rowAt(seen: PageRows<Row>, ordinal: number): Row | undefined {
    const page = Math.floor(ordinal / PAGE);
    const rows = seen.get(page) ?? this.#client.getQueryData<readonly Row[]>(this.#queryOf(page).queryKey);
    if (rows !== undefined) seen.set(page, rows);
    return rows?.[ordinal % PAGE];
  }

  #look(): Seen<Row> {
    const results = this.#observer.getCurrentResult();
    const rows: PageRows<Row> = new Map();
    for (const [index, page] of this.#pages.entries()) {
      const found = results[index]?.data as readonly Row[] | undefined;
      if (found !== undefined) rows.set(page, found);
    }
    return {
      rows,
      isLoading: results.some((result) => result.isLoading),
      error: results.find((result) => result.error !== null)?.error ?? null,
    };
  }

  #fetchAround(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      for (const page of neighboursOf(this.#pages)) void this.#client.prefetchQuery(this.#queryOf(page));
    }, REST_MS);
  }
}

/** Whether a list looks the same: it has no other rows than were told of, and no other error. */
function isSame<Row>(told: Seen<Row>, next: Seen<Row>): boolean {
  if (told.error !== next.error || (told.isLoading && !next.isLoading)) return false;
  return [...next.rows].every(([page, rows]) => told.rows.get(page) === rows);
}

function pagesOf(first: number, last: number): number[] {
  const start = Math.floor(first / PAGE);
  return Array.from({ length: Math.floor(last / PAGE) - start + 1 }, (_, index) => start + index);
}

function neighboursOf(pages: readonly number[]): number[] {
  const [first = 0, last = 0] = [pages[0], pages.at(-1)];
  const around = Array.from({ length: AHEAD }, (_, index) => [first - 1 - index, last + 1 + index]).flat();
  return around.filter((page) => page >= 0);
}

import { MOST_ROWS } from '../../core/contract/scope.ts';

/** Rows that are asked for together at least. */
export const PAGE = 25;
const MOST_PAGES = MOST_ROWS / PAGE;

interface WaitingPage<Row> {
  readonly page: number;
  readonly signal: AbortSignal;
  resolve(rows: readonly Row[]): void;
  reject(reason: unknown): void;
}

/** Answers at most `limit` rows from the ordinal `first` on. */
export type FetchRows<Row> = (first: number, limit: number, signal: AbortSignal) => Promise<readonly Row[]>;

/** Pages that are wanted in the same moment and follow each other are asked for with one call. */
export class PageAsker<Row> {
  readonly #fetch: FetchRows<Row>;
  #waiting: WaitingPage<Row>[] = [];

  constructor(fetch: FetchRows<Row>) {
    this.#fetch = fetch;
  }

  /** The rows of one page; fails as `fetch` does. The call ends early when all its pages were given up. */
  rows(page: number, signal: AbortSignal): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) queueMicrotask(() => this.#askAll());
      this.#waiting.push({ page, signal, resolve, reject });
    });
  }

  #askAll(): void {
    const waiting = this.#waiting.toSorted((a, b) => a.page - b.page);
    this.#waiting = [];
    let run: WaitingPage<Row>[] = [];
    for (const next of waiting) {
      const last = run.at(-1);
      if (last !== undefined && (next.page > last.page + 1 || next.page - (run[0] ?? last).page >= MOST_PAGES)) {
        this.#ask(run);
        run = [];
      }
      run.push(next);
    }
    this.#ask(run);
  }

  #ask(run: readonly WaitingPage<Row>[]): void {
    const start = run[0]?.page ?? 0;
    const pages = (run.at(-1)?.page ?? start) - start + 1;
    this.#fetch(start * PAGE, pages * PAGE, allAborted(run.map(({ signal }) => signal))).then(
      (rows) => {
        for (const { page, resolve } of run) resolve(rows.slice((page - start) * PAGE, (page - start + 1) * PAGE));
      },
      (reason: unknown) => {
        for (const { reject } of run) reject(reason);
      },
    );
  }
}

/** A signal that is raised when the last of them was. */
function allAborted(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  const look = (): void => {
    if (signals.every(({ aborted }) => aborted)) controller.abort();
  };
  for (const signal of signals) signal.addEventListener('abort', look, { once: true });
  look();
  return controller.signal;
}

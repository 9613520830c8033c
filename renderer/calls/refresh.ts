import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

const TOGETHER_MS = 30;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
let news = 0;

/** Reads again what is shown. A change is told by its own answer and by a notice: both together ask once. */
export function refreshSoon(client: QueryClient): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    news++;
    for (const listener of listeners) listener();
    void client.invalidateQueries();
  }, TOGETHER_MS);
}

/** Counts how often what is shown was read again: for what is asked beside the cache of calls. */
export const useNews = (): number => useSyncExternalStore(subscribe, () => news);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

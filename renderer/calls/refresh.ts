import type { QueryClient } from '@tanstack/react-query';

const TOGETHER_MS = 30;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Reads again what is shown. A change is told by its own answer and by a notice: both together ask once. */
export function refreshSoon(client: QueryClient): void {
  clearTimeout(timer);
  timer = setTimeout(() => void client.invalidateQueries(), TOGETHER_MS);
}

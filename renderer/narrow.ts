import { useSyncExternalStore } from 'react';

const media = matchMedia('(max-width: 1199px)');

/** Whether the window is too narrow for columns and words of second rank. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => media.matches,
  );
}

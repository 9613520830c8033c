import { useCase } from './calls/use-call.ts';
import { usePlace } from './place.ts';
import { dayWithYear } from './words/time.ts';

/** Whether the chosen range, or the whole case, lies within one day: lists need not repeat it in every row then. */
export function useIsOneDay(): boolean {
  const { range } = usePlace();
  const span = useCase()?.span ?? null;
  const shown = range ?? span;
  return shown !== null && dayWithYear(shown.from) === dayWithYear(shown.to);
}

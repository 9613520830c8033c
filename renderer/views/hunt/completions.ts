import type { Completion } from '../../../core/contract/hunt-calls.ts';

/**
 * What may be taken where the cursor stands. `told` may still answer an earlier text (`isEarlier`): then it stands for what begins with what
 * has been typed since, and a choice replaces that; taken as it was told, it would leave the newest letters behind itself.
 */
export function completionsAt(
  told: Completion | undefined,
  isEarlier: boolean,
  text: string,
  cursor: number,
): Completion {
  if (told === undefined) return { from: cursor, to: cursor, options: [] };
  if (!isEarlier) return told;
  const typed = text.slice(told.from, cursor).toLowerCase();
  const fits = (option: { readonly text: string }): boolean => option.text.toLowerCase().startsWith(typed);
  return { from: told.from, to: cursor, options: cursor < told.from ? [] : told.options.filter(fits) };
}

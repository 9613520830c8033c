import { ANYWHERE, every, keyNeedle, type Needle, some, textNeedle } from '../../hunt/needle.ts';
import { wordOf } from '../../hunt/word.ts';
import type { Clue, Expression } from '../../sigma/sigma.ts';

/**
 * What the bytes of a record must hold for a rule to match an event that columns leave open. `isSettled`: comparisons that columns
 * decide, which need not be looked for again.
 */
export function ruleNeedle(part: Expression, isSettled: (comparison: Expression) => boolean): Needle {
  const inner = (one: Expression) => ruleNeedle(one, isSettled);
  switch (part.kind) {
    case 'all':
      return every(part.parts.map(inner));
    case 'any':
      return some(part.parts.map(inner));
    case 'not':
      return ANYWHERE;
    case 'selection':
      return inner(part.parts[0] as Expression);
    case 'comparison':
      return isSettled(part) ? ANYWHERE : every((part.clues ?? []).map(clueNeedle));
  }
}

function clueNeedle({ paths, values }: Clue): Needle {
  const key = paths.length === 0 ? ANYWHERE : some(paths.map((path) => keyNeedle(path.split('.'))));
  const text =
    values === null ? ANYWHERE : some(values.map((texts) => every(texts.map((one) => textNeedle(wordOf(one))))));
  return every([text, key]);
}

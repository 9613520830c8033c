import { all, any, type Expression, not } from './expression.ts';
import type { Comparison, Knowledge, Remainder } from './model.ts';

/**
 * What is left of a part of a rule for events of which something is known: true or false where that decides, else the parts that it
 * leaves open. In three-valued logic, so that one known part may settle the whole.
 */
export function residual(part: Expression, know: Knowledge): Expression | boolean {
  switch (part.kind) {
    case 'all':
      return joined(part, know, true);
    case 'any':
      return joined(part, know, false);
    case 'not': {
      const inner = residual(part.parts[0] as Expression, know);
      return typeof inner === 'boolean' ? !inner : not(inner, placeOf(part));
    }
    case 'selection':
      return residual(part.parts[0] as Expression, know);
    case 'comparison':
      return know(part) ?? part;
  }
}

/** The same as others see it. */
export function remainderOf(part: Expression, know: Knowledge): Remainder | boolean {
  const rest = residual(part, know);
  if (typeof rest === 'boolean') return rest;
  return { test: rest.test, residual: (more) => remainderOf(rest, more), comparisons: () => comparisonsOf(rest) };
}

/** All comparisons below a part. */
export function comparisonsOf(part: Expression): Comparison[] {
  return part.kind === 'comparison' ? [part] : part.parts.flatMap(comparisonsOf);
}

/** What an event tells of which not all is known: reading what is not known raises an error that `isUnknown` recognises. */
export function knownFrom(event: unknown, isUnknown: (error: unknown) => boolean): Knowledge {
  return ({ test }) => {
    try {
      return test(event);
    } catch (error) {
      if (isUnknown(error)) return null;
      throw error;
    }
  };
}

/** Parts joined by and (`neutral` is true) or by or. */
function joined(whole: Expression, know: Knowledge, neutral: boolean): Expression | boolean {
  const left: Expression[] = [];
  for (const part of whole.parts) {
    const rest = residual(part, know);
    if (rest === !neutral) return rest;
    if (typeof rest !== 'boolean') left.push(rest);
  }
  if (left.length === 0) return neutral;
  if (left.length === 1) return left[0] as Expression;
  return neutral ? all(left, placeOf(whole)) : any(left, placeOf(whole));
}

const placeOf = ({ label, line }: Expression) => ({ label, line });

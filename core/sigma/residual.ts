import { all, any, type Expression, not } from './expression.ts';

/**
 * What is left of a part of a rule for events of which something is known: true or false where that decides, else the parts that it
 * leaves open. Reading what is not known raises an error that `isUnknown` recognises. In three-valued logic, so that one
 * known part may settle the whole.
 */
export function residual(
  part: Expression,
  event: unknown,
  isUnknown: (error: unknown) => boolean,
): Expression | boolean {
  switch (part.kind) {
    case 'all':
      return joined(part, event, isUnknown, true);
    case 'any':
      return joined(part, event, isUnknown, false);
    case 'not': {
      const inner = residual(part.parts[0] as Expression, event, isUnknown);
      return typeof inner === 'boolean' ? !inner : not(inner, placeOf(part));
    }
    case 'selection':
      return residual(part.parts[0] as Expression, event, isUnknown);
    case 'comparison':
      return tested(part, event, isUnknown);
  }
}

/** Parts joined by and (`neutral` is true) or by or. */
function joined(
  whole: Expression,
  event: unknown,
  isUnknown: (error: unknown) => boolean,
  neutral: boolean,
): Expression | boolean {
  const left: Expression[] = [];
  for (const part of whole.parts) {
    const rest = residual(part, event, isUnknown);
    if (rest === !neutral) return rest;
    if (typeof rest !== 'boolean') left.push(rest);
  }
  if (left.length === 0) return neutral;
  if (left.length === 1) return left[0] as Expression;
  return neutral ? all(left, placeOf(whole)) : any(left, placeOf(whole));
}

function tested(part: Expression, event: unknown, isUnknown: (error: unknown) => boolean): Expression | boolean {
  try {
    return part.test(event);
  } catch (error) {
    if (isUnknown(error)) return part;
    throw error;
  }
}

const placeOf = ({ label, line }: Expression) => ({ label, line });

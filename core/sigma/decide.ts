import type { Expression } from './expression.ts';

/**
 * Whether a part of a rule holds for an event of which not everything is known: reading what is not known raises an error that
 * `isUnknown` recognises. Null where the rest decides. In three-valued logic, so that one known part may settle the whole.
 */
export function decide(part: Expression, event: unknown, isUnknown: (error: unknown) => boolean): boolean | null {
  const inner = (one: Expression) => decide(one, event, isUnknown);
  switch (part.kind) {
    case 'all':
      return every(part.parts, inner);
    case 'any':
      return negated(every(part.parts, (one) => negated(inner(one))));
    case 'not':
      return negated(inner(part.parts[0] as Expression));
    case 'selection':
      return inner(part.parts[0] as Expression);
    case 'comparison':
      return tested(part, event, isUnknown);
  }
}

const negated = (value: boolean | null): boolean | null => (value === null ? null : !value);

function every(parts: readonly Expression[], inner: (part: Expression) => boolean | null): boolean | null {
  let all: boolean | null = true;
  for (const part of parts) {
    const value = inner(part);
    if (value === false) return false;
    if (value === null) all = null;
  }
  return all;
}

function tested(part: Expression, event: unknown, isUnknown: (error: unknown) => boolean): boolean | null {
  try {
    return part.test(event);
  } catch (error) {
    if (isUnknown(error)) return null;
    throw error;
  }
}

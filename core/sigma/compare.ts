import type { Affix, Operator } from './modifier-chain.ts';

/** Order of two numbers. JavaScript compares a double with a `bigint` exactly. */
export function compareNumbers(operator: Operator, value: number | bigint, limit: number | bigint): boolean {
  switch (operator) {
    case 'gt':
      return value > limit;
    case 'gte':
      return value >= limit;
    case 'lt':
      return value < limit;
    case 'lte':
      return value <= limit;
  }
}

/** Comparison of two texts that both come from the event: nothing in them is a pattern. */
export function compareTexts(affix: Affix | null, value: string, other: string): boolean {
  switch (affix) {
    case 'startswith':
      return value.startsWith(other);
    case 'endswith':
      return value.endsWith(other);
    case 'contains':
      return value.includes(other);
    case null:
      return value === other;
  }
}

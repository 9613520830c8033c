import type { Place } from '../contract/fault.ts';
import { CaseError } from '../fault.ts';

/** Where a character of a query stands; the line is named only in a query of several lines. */
export function placeAt(query: string, offset: number): Place {
  const before = query.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const column = offset - lineStart + 1;
  return query.includes('\n') ? { line: before.split('\n').length, column } : { column };
}

/** The fault of a query that cannot be understood, pointing at the character that is to blame. */
export function queryFault(query: string, offset: number, message: string, hint: string): CaseError {
  return new CaseError('query/invalid', message, { at: placeAt(query, offset), hint });
}

/** A condition of the query language; a value of null asks for events without the field. */
export function condition(field: string, value: string | null): string {
  return value === null || value === '' ? `not ${field}:*` : `${field}:${quoted(value)}`;
}

/** A query with one more condition, kept or excluded. */
export function withCondition(query: string, added: string, isExcluded = false): string {
  const part = isExcluded ? negated(added) : added;
  const before = query.trim();
  if (before === '') return part;
  return `${/\bor\b/i.test(before) ? `(${before})` : before} and ${part}`;
}

function negated(part: string): string {
  return part.startsWith('not ') ? part.slice(4) : `not ${/\s(and|or)\s/i.test(part) ? `(${part})` : part}`;
}

/** In quotes where a plain word would mean something else. */
export function quoted(value: string): string {
  return /^[A-Za-z0-9._\-/@]+$/.test(value) && !/^(and|or|not)$/i.test(value) && !value.includes('..')
    ? value
    : `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** Parts of a query that are joined by `and` at its top; null where an `or` joins them, and a part cannot be taken out. */
export function conjuncts(query: string): readonly string[] | null {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let part = '';
  const words = /"|\\.|[()]|\s+|[^\s()"\\]+/gs;
  for (const [piece] of query.matchAll(words)) {
    if (piece === '"') isQuoted = !isQuoted;
    if (!isQuoted && piece === '(') depth++;
    if (!isQuoted && piece === ')') depth--;
    const isTop = depth === 0 && !isQuoted;
    if (isTop && /^or$/i.test(piece) && /\s$/.test(part)) return null;
    if (isTop && /^and$/i.test(piece) && /\s$/.test(part)) {
      parts.push(part.trim());
      part = '';
    } else part += piece;
  }
  return [...parts, part.trim()].filter((each) => each !== '');
}

/** Values of a field that a query asks for: `verb:get` or `verb:(get or list)`; empty if it does not name the field. */
export function chosenValues(query: string, field: string): readonly string[] {
  const part = partOf(query, field);
  if (part === undefined) return [];
  const value = part.slice(field.length + 1);
  return value.startsWith('(') && value.endsWith(')')
    ? value
        .slice(1, -1)
        .split(/\s+or\s+/i)
        .map((each) => each.trim())
    : [value];
}

/** A query without its condition on a field. */
export function without(query: string, field: string): string {
  const part = partOf(query, field);
  return part === undefined ? query : (conjuncts(query) ?? []).filter((each) => each !== part).join(' and ');
}

/** Adds a condition to its field's choice, or takes it out again. A condition that is not `field:value` is joined or taken out whole. */
export function toggled(query: string, field: string, condition: string): string {
  const parts = conjuncts(query);
  if (parts === null) return `(${query}) and ${condition}`;
  if (!condition.startsWith(`${field}:`)) {
    return (parts.includes(condition) ? parts.filter((part) => part !== condition) : [...parts, condition]).join(
      ' and ',
    );
  }
  const value = condition.slice(field.length + 1);
  const before = chosenValues(query, field);
  const after = before.includes(value) ? before.filter((each) => each !== value) : [...before, value];
  const others = (conjuncts(without(query, field)) ?? []).slice();
  if (after.length > 0) others.push(after.length === 1 ? `${field}:${after[0]}` : `${field}:(${after.join(' or ')})`);
  return others.join(' and ');
}

function partOf(query: string, field: string): string | undefined {
  return conjuncts(query)?.find((part) => part.toLowerCase().startsWith(`${field.toLowerCase()}:`));
}

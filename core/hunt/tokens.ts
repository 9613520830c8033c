import type { QueryPiece } from '../contract/hunt-calls.ts';

/** A piece of a query as it stands, readable or not; a value knows the field before it. */
export interface Token extends QueryPiece {
  readonly field: string | null;
}

const PIECE = /\s+|[(),]|(?:"(?:\\.|[^"\\])*"?|\\.|[^\s(),"\\])+|\\/gsu;
const OPERATOR = /^(?:>=|<=|>|<)/;
const KEYWORD = /^(?:and|or|not)$/i;

/** Splits a query into pieces, to be coloured and completed while it is being written: nothing is refused. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let field: string | null = null;
  let isInList = false;
  for (const { 0: text, index: from } of query.matchAll(PIECE)) {
    const to = from + text.length;
    if (/^\s/.test(text)) {
      if (field !== null && !isInList && tokens.at(-1)?.kind === 'value') field = null;
    } else if (text === '(' || text === ')' || text === ',') {
      tokens.push({ from, to, kind: 'bracket', field: null });
      if (text === '(') isInList = field !== null;
      if (text === ')') [isInList, field] = [false, null];
    } else if (field !== null) {
      pushValue(tokens, text, from, field, isInList);
    } else if (text.includes(':') && !text.startsWith('"')) {
      field = pushCondition(tokens, text, from);
    } else {
      tokens.push({ from, to, kind: KEYWORD.test(text) ? 'word' : 'text', field: null });
    }
  }
  return tokens;
}

function pushCondition(tokens: Token[], text: string, from: number): string {
  const colon = text.indexOf(':');
  const field = text.slice(0, colon);
  tokens.push({ from, to: from + colon, kind: 'field', field: null });
  tokens.push({ from: from + colon, to: from + colon + 1, kind: 'operator', field });
  if (colon + 1 < text.length) pushValue(tokens, text.slice(colon + 1), from + colon + 1, field, false);
  return field;
}

function pushValue(tokens: Token[], text: string, from: number, field: string, isInList: boolean): void {
  const before = tokens.at(-1);
  const to = from + text.length;
  if (isInList && /^or$/i.test(text)) {
    tokens.push({ from, to, kind: 'word', field: null });
    return;
  }
  if (before?.kind === 'value' && before.to === from) {
    tokens[tokens.length - 1] = { ...before, to };
    return;
  }
  const operator = OPERATOR.exec(text)?.[0].length ?? 0;
  if (operator > 0) tokens.push({ from, to: from + operator, kind: 'operator', field });
  if (operator < text.length) tokens.push({ from: from + operator, to, kind: 'value', field });
}
